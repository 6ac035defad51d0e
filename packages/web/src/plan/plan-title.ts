/** What a plan does, in one line made from its typed operations: never the agent's words. Pure. */
import type { Intent, ShownEvidence, Step } from '@countersign/approvals';

export interface TitlePart {
  readonly kind: 'text' | 'code';
  readonly text: string;
}

const text = (value: string): TitlePart => ({ kind: 'text', text: value });
const code = (value: string): TitlePart => ({ kind: 'code', text: value });

/** `evidence` adds what the number of replicas was; lists do without it. */
export function planTitle(intent: Intent, evidence: ShownEvidence | null): readonly TitlePart[] {
  const [only, ...more] = intent.steps;
  if (only === undefined) return [text('Change nothing')];
  if (more.length === 0) return stepTitle(only, evidence, 1);
  const names = intent.steps.flatMap((step, at) => [text(at === 0 ? ': ' : ', '), code(step.target.name)]);
  return [
    text(`Change ${intent.steps.length} objects`),
    ...names.slice(0, 8),
    ...(names.length > 8 ? [text(' …')] : []),
  ];
}

/** What one step does. */
export function stepTitle(step: Step, evidence: ShownEvidence | null, stepNumber: number): readonly TitlePart[] {
  const { operation, target } = step;
  switch (operation.type) {
    case 'restart':
      return [text('Restart '), code(target.name), text(': replace all of its pods')];
    case 'scale': {
      const before = evidence?.diff
        .find((diff) => diff.step === stepNumber)
        ?.changes.find((change) => change.path === '/spec/replicas')?.from;
      const from = before === undefined || before === null ? '' : ` from ${before}`;
      return [
        text('Scale '),
        code(target.name),
        text(`${from} to ${operation.replicas} ${plural(operation.replicas, 'replica')}`),
      ];
    }
    case 'set-image': {
      const where =
        operation.container === target.name
          ? [code(target.name)]
          : [code(operation.container), text(' in '), code(target.name)];
      return [text('Set the image of '), ...where, text(' to '), code(operation.image)];
    }
    case 'label':
      return [text('Set labels of '), code(target.name), text(`: ${Object.keys(operation.labels).join(', ')}`)];
    case 'annotate':
      return [
        text('Set annotations of '),
        code(target.name),
        text(`: ${Object.keys(operation.annotations).join(', ')}`),
      ];
    case 'patch':
      return [text('Change fields of '), code(target.name), text(` (${operation.patchType} patch)`)];
    case 'apply':
      return [text(target.uid === null ? 'Create ' : 'Apply a manifest to '), code(target.name)];
    case 'rollback':
      return [text('Roll '), code(target.name), text(` back to revision ${operation.revision}`)];
    case 'delete':
      return [text('Delete '), code(target.name)];
  }
}

export const titleText = (parts: readonly TitlePart[]): string => parts.map((part) => part.text).join('');

/** `prod-eu-1`, `shop`, `Deployment`: where it happens; several are counted. */
export function planPlace(intent: Intent): readonly string[] {
  const of = (values: readonly string[], many: string): string => {
    const different = [...new Set(values)];
    return different.length === 1 ? (different[0] ?? '') : `${different.length} ${many}`;
  };
  return [
    intent.cluster.name,
    of(
      intent.steps.map((step) => step.target.namespace),
      'namespaces',
    ),
    of(
      intent.steps.map((step) => step.target.kind),
      'kinds',
    ),
  ];
}

export const plural = (count: number, noun: string): string => (count === 1 ? noun : `${noun}s`);

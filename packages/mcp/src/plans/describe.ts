/** Plans in our own words: computed from the intent, never from what an agent wrote. */
import type { ChangeRequest, Intent, Plan, PlanStatus, Step } from '@countersign/approvals';
import { readIntent, WORDS_TITLE_CHARACTERS_MAX } from '@countersign/approvals';
import * as z from 'zod';
import type { McpConfig } from '../config.ts';

export const reviewUrl = (config: McpConfig, planId: string): string => `${config.pagesUrl}/plans/${planId}`;

/** What one step does, as data and as a sentence. */
export const stepShape = z.strictObject({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  operation: z.string(),
  summary: z.string(),
});
export type DescribedStep = z.infer<typeof stepShape>;

export const describeIntent = (intent: Intent): DescribedStep[] => intent.steps.map(describeStep);

/** Empty for a plan whose bytes cannot be read. */
export function describePlan(plan: Pick<Plan, 'intent'>): DescribedStep[] {
  const read = readIntent(plan.intent);
  return read.ok ? describeIntent(read.value.intent) : [];
}

function describeStep({ target, operation }: Step): DescribedStep {
  const { kind, namespace, name } = target;
  return {
    kind,
    namespace,
    name,
    operation: operation.type,
    summary: summaryOf(operation, `${kind} ${namespace}/${name}`),
  };
}

function summaryOf(operation: Step['operation'] | ChangeRequest['operation'], what: string): string {
  switch (operation.type) {
    case 'restart':
      return `Restart ${what}`;
    case 'scale':
      return `Scale ${what} to ${operation.replicas}`;
    case 'set-image':
      return `Set the image of ${operation.container} in ${what} to ${operation.image}`;
    case 'label':
      return `Set labels of ${what}: ${Object.keys(operation.labels).join(', ')}`;
    case 'annotate':
      return `Set annotations of ${what}: ${Object.keys(operation.annotations).join(', ')}`;
    case 'patch':
      return `Change fields of ${what} by a ${operation.patchType} patch`;
    case 'apply':
      return `Apply a manifest to ${what}`;
    case 'rollback':
      return `Roll ${what} back to ${operation.revision === null ? 'its previous revision' : `revision ${operation.revision}`}`;
    case 'delete':
      return `Delete ${what}`;
  }
}

/** The plan's title: what is asked, in the words of the system. */
export function titleOf(changes: readonly ChangeRequest[]): string {
  const title = changes
    .map(({ operation, kind, namespace, name }) => summaryOf(operation, `${kind} ${namespace}/${name}`))
    .join('; ');
  return title.length <= WORDS_TITLE_CHARACTERS_MAX ? title : `${title.slice(0, WORDS_TITLE_CHARACTERS_MAX - 1)}…`;
}

/** States from which a plan does not move again. */
const FINISHED: readonly PlanStatus[] = [
  'denied',
  'canceled',
  'expired',
  'superseded',
  'stale',
  'blocked',
  'revoked',
  'failed',
  'partially_applied',
  'verified',
  'unverified',
];
export const isFinished = (status: PlanStatus): boolean => FINISHED.includes(status);

const ANEW = 'Read the current state; request a new plan if the change is still needed.';

/** What the caller does next. `address`: of the review page, a pointer without any secret. */
export function nextStep(
  plan: Pick<Plan, 'status'>,
  review: { readonly releaseMode: 'immediate' | 'on-request' },
  address: string,
): string {
  switch (plan.status) {
    case 'pending':
      return `A person must decide in a browser. Show the user ${address} and call wait_for_plan_approval; nothing you send can approve it.`;
    case 'approved':
      return review.releaseMode === 'immediate'
        ? 'It runs by itself. Call get_plan_status for the outcome.'
        : 'Call execute_approved_plan to run it.';
    case 'executing':
    case 'applied':
      return 'It is under way. Call get_plan_status for the outcome.';
    case 'verified':
      return 'Nothing more to do: the change is in the cluster and verified.';
    case 'unverified':
      return 'The change is in the cluster but its success criteria were not met. Look with get_deployment_diagnostics.';
    case 'unknown':
      return 'The write may have happened. It is being reconciled; call get_plan_status later and do not request the change again.';
    case 'partially_applied':
      return 'Some steps are in the cluster. Look at the objects before you request anything further.';
    case 'denied':
      return 'A person said no. Read why with get_plan_status; do not request the same again without something new.';
    case 'canceled':
    case 'superseded':
    case 'expired':
    case 'stale':
    case 'blocked':
    case 'revoked':
    case 'failed':
      return ANEW;
  }
}

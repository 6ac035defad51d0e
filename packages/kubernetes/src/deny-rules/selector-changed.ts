/**
 * What decides which pods belong together: a selector, and the labels that selectors look for. Changed, pods are left without an owner,
 * or a Service sends its traffic to somebody else's.
 */
import { canonicalize, type Json } from '@countersign/approvals';
import { listAt, objectAt, textAt, valueAt } from '../objects/json-at.ts';
import { labelsOf, selectorMatches } from '../objects/selectors.ts';
import type { Rule } from './rule.ts';

/** Members that select pods, by where the kinds keep them. */
const SELECTORS = [
  ['spec', 'selector'],
  ['spec', 'podSelector'],
  ['spec', 'scaleTargetRef'],
] as const;

export const selectorChanged: Rule = {
  code: 'selector-changed',
  passes: 'the same pods belong together as before',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ target, live, after }) => {
    if (live === null || after === null) return { denials: [] };
    return {
      denials: [
        ...SELECTORS.filter((path) => differ(valueAt(live, ...path), valueAt(after, ...path))).map(
          (path) => `${path.join('.')} changes`,
        ),
        ...(differ(valueAt(live, ...TEMPLATE_LABELS), valueAt(after, ...TEMPLATE_LABELS))
          ? ['the labels of the pods change']
          : []),
        ...(target.kind === 'Pod' ? orphaned(live, after) : []),
      ],
    };
  },
};

const TEMPLATE_LABELS = ['spec', 'template', 'metadata', 'labels'] as const;

const differ = (before: Json | undefined, after: Json | undefined): boolean =>
  canonicalize(before ?? null) !== canonicalize(after ?? null);

/** A pod is its controller's by its labels: without one of them the controller lets it go and starts another. */
function orphaned(live: Json, after: Json): readonly string[] {
  const owners = listAt(live, 'metadata', 'ownerReferences').filter((owner) => valueAt(owner, 'controller') === true);
  const labels = labelsOf(objectAt(live, 'metadata', 'labels'));
  const kept = selectorMatches({ matchLabels: labels }, labelsOf(objectAt(after, 'metadata', 'labels')));
  return kept
    ? []
    : owners.map((owner) => `the pod loses a label by which ${textAt(owner, 'kind') ?? 'its controller'} may own it`);
}

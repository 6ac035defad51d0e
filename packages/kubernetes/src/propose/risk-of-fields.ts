/**
 * The tier of each changed field, by where it lies. What lies where no rule looks is at least medium; what it belongs to and no rule knows
 * at all is high.
 */
import { type Change, type Json, type Target, tokensOf } from '@countersign/approvals';
import { listAt, objectAt, textAt, valueAt } from '../objects/json-at.ts';
import type { Surroundings } from './surroundings.ts';

/** `unknown`: no fixed rule knows it; a rule of the policy that allows may say that the policy does. */
export interface Reason {
  readonly tier: 'low' | 'medium' | 'high';
  readonly text: string;
  readonly unknown?: true;
}

interface FieldFacts {
  readonly target: Pick<Target, 'kind'>;
  readonly live: Json;
  readonly dryRun: Json;
  readonly around: Surroundings;
}

export const KNOWN_KINDS: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'CronJob',
  'Job',
  'Pod',
  'Service',
  'ConfigMap',
  'Ingress',
  'NetworkPolicy',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
];

/** One reason for each sort of change; replicas are judged by their number, elsewhere. */
export function fieldReasons(changes: readonly Change[], facts: FieldFacts): readonly Reason[] {
  const found = changes
    .filter(({ meaning }) => meaning !== 'mark' && meaning !== 'consequence')
    .map(({ path }) => reasonFor(tokensOf(path), facts))
    .filter((reason) => reason !== undefined);
  return [...new Map(found.map((reason) => [reason.text, reason])).values()];
}

function reasonFor(tokens: readonly string[], facts: FieldFacts): Reason | undefined {
  const [root, member = ''] = tokens;
  if (root === 'metadata') return ofMetadata(tokens, facts);
  const template = tokens.lastIndexOf('template');
  if (root === 'spec' && template > 0) return ofTemplate(tokens.slice(template + 1));
  if (root === 'spec' && member === 'replicas') return undefined;
  return ofKind(root ?? '', member, facts);
}

function ofMetadata(
  [, member, key]: readonly string[],
  { target, live, dryRun, around }: FieldFacts,
): Reason | undefined {
  if (member !== 'labels' && member !== 'annotations') return unclassified('metadata');
  if (key === undefined) return { tier: 'medium', text: `all ${member} change` };
  // A key with a domain belongs to somebody's controller.
  const domained = key.includes('/') && key !== 'kubernetes.io/change-cause';
  if (member === 'annotations') {
    if (!domained) return { tier: 'low', text: 'changes annotations that no controller claims' };
    return ['Ingress', 'Service'].includes(target.kind)
      ? { tier: 'high', text: `the annotation ${key} steers what answers requests` }
      : { tier: 'medium', text: `a controller may act on the annotation ${key}` };
  }
  const selects = new Set([
    ...[live, dryRun].flatMap((object) => Object.keys(objectAt(object, 'spec', 'selector', 'matchLabels'))),
    ...around.services.flatMap(({ selectorKeys }) => selectorKeys),
  ]);
  if (selects.has(key)) return { tier: 'high', text: `selectors look for the label ${key}` };
  if (domained || target.kind === 'Service')
    return { tier: 'medium', text: `others may select it by the label ${key}` };
  return { tier: 'low', text: 'changes labels that no selector here looks for' };
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
/** Members of a pod that decide where and how long it runs, not what. */
const OF_SCHEDULING = [
  'affinity',
  'nodeSelector',
  'restartPolicy',
  'terminationGracePeriodSeconds',
  'tolerations',
  'topologySpreadConstraints',
  'activeDeadlineSeconds',
];

/** Tokens below the template. */
function ofTemplate([part, member, index, field, ...rest]: readonly string[]): Reason {
  if (part === 'metadata') {
    if (member === 'labels') return { tier: 'high', text: 'changes the labels by which the pods are found' };
    return { tier: 'medium', text: 'changes annotations of the pods' };
  }
  if (part !== 'spec') return { tier: 'high', text: 'replaces the pod template' };
  if (member !== 'containers' && member !== 'initContainers') {
    return OF_SCHEDULING.includes(member ?? '')
      ? { tier: 'medium', text: `changes the pods' ${member}` }
      : { tier: 'high', text: `changes ${member === undefined ? 'the whole pod' : `the pods' ${member}`}` };
  }
  if (field === 'image') return { tier: 'medium', text: 'runs another image' };
  if (field === 'imagePullPolicy' || field === 'ports') return { tier: 'medium', text: `changes ${field}` };
  if (field === 'resources') return { tier: 'medium', text: 'changes what the containers may use' };
  if (PROBES.includes(field ?? '')) {
    return rest.includes('exec')
      ? { tier: 'high', text: `runs another command as ${field}` }
      : { tier: 'medium', text: `changes the ${field}` };
  }
  return {
    tier: 'high',
    text: `changes ${field === undefined || index === undefined ? 'whole containers' : `${field} of containers`}`,
  };
}

const OF_ROLLOUT = [
  'strategy',
  'updateStrategy',
  'minReadySeconds',
  'paused',
  'revisionHistoryLimit',
  'progressDeadlineSeconds',
  'podManagementPolicy',
  'partition',
];

function ofKind(root: string, member: string, { target: { kind }, live, around }: FieldFacts): Reason {
  if (!KNOWN_KINDS.includes(kind)) return { tier: 'high', text: `no rule knows what a ${kind} does`, unknown: true };
  if (root === 'spec' && (member === 'selector' || member === 'podSelector')) {
    return { tier: 'high', text: 'changes which pods it selects' };
  }
  switch (kind) {
    case 'ConfigMap':
      if (root !== 'data' && root !== 'binaryData' && root !== 'immutable') return unclassified(root);
      return around.readers.length > 0
        ? { tier: 'high', text: `changes what ${around.readers.length} workloads read` }
        : { tier: 'medium', text: 'changes data that nothing here reads' };
    case 'Service':
      return member === 'ports' || member === 'type'
        ? {
            tier: 'high',
            text: `changes the ${member} of a Service with ${around.services[0]?.endpoints.ready ?? 0} ready endpoints`,
          }
        : unclassified(`${root}.${member}`);
    case 'Ingress':
    case 'NetworkPolicy':
      return { tier: 'high', text: 'changes which traffic arrives' };
    case 'HorizontalPodAutoscaler':
    case 'PodDisruptionBudget':
      return { tier: 'medium', text: `changes the bounds of ${textAt(live, 'kind') ?? kind}` };
    case 'CronJob':
      return { tier: 'medium', text: `changes when and how the jobs run (${member})` };
    case 'Job':
      return { tier: 'medium', text: `changes how the job runs (${member})` };
    default:
      return root === 'spec' && OF_ROLLOUT.includes(member)
        ? { tier: 'medium', text: `changes how it rolls out (${member})` }
        : unclassified(`${root}.${member}`);
  }
}

const unclassified = (where: string): Reason => ({ tier: 'medium', text: `no rule knows ${where}`, unknown: true });

/** The controller that owns a pod or replica set; undefined where none does. */
export const controllerKindOf = (object: Json): string | undefined =>
  listAt(object, 'metadata', 'ownerReferences')
    .filter((owner) => valueAt(owner, 'controller') === true)
    .map((owner) => textAt(owner, 'kind') ?? 'controller')[0];

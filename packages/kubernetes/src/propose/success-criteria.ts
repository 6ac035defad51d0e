/** What "it worked" means, fixed before anybody approves: the reviewer approves this, too. */
import { canonicalize, type Json, type Step, type SuccessCriterion } from '@countersign/approvals';
import { numberAt, textAt, valueAt } from '../objects/json-at.ts';
import { replicasOf } from './already-so.ts';
import type { Surroundings } from './surroundings.ts';

interface Facts {
  /** From 1. */
  readonly number: number;
  readonly step: Step;
  readonly live: Json;
  readonly dryRun: Json;
  readonly around: Surroundings;
}

export function successCriteriaOf({ number, step, live, dryRun, around }: Facts): readonly SuccessCriterion[] {
  if (step.operation.type === 'delete') return [{ type: 'absent', step: number }];
  if (!rollsOut(live, dryRun)) return [{ type: 'present', step: number }];
  const replicas = expectedPods(dryRun);
  // Other workloads may stand behind the same Service; only this one's pods are promised.
  const services = replicas === 0 ? [] : around.services;
  return [
    { type: 'rollout', step: number, replicas },
    ...services.map(
      ({ name }): SuccessCriterion => ({
        type: 'endpoints',
        namespace: step.target.namespace,
        service: name,
        readyMin: replicas,
      }),
    ),
  ];
}

const ROLLING = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** Whether pods follow the change: its desired state is another one, and the kind's controller acts on that by itself. */
function rollsOut(live: Json, dryRun: Json): boolean {
  if (!ROLLING.includes(textAt(dryRun, 'kind') ?? '')) return false;
  // Pods are replaced when somebody deletes them, and until then no rollout comes to its end.
  if (textAt(dryRun, 'spec', 'updateStrategy', 'type') === 'OnDelete') return false;
  const [before, after] = [valueAt(live, 'spec') ?? null, valueAt(dryRun, 'spec') ?? null];
  return canonicalize(before) !== canonicalize(after);
}

/** A DaemonSet has one pod for each node that fits, as its controller counts them; unknown before it has (0). */
const expectedPods = (dryRun: Json): number =>
  textAt(dryRun, 'kind') === 'DaemonSet'
    ? (numberAt(dryRun, 'status', 'desiredNumberScheduled') ?? 0)
    : replicasOf(dryRun);

/** What a change touches beside its own fields, one sentence each. Names are the API server's; free text is neutralised and capped. */
import type { Json, Operation, Touch } from '@countersign/approvals';
import { SENTENCE_CHARACTERS_MAX } from '../limits.ts';
import { lastWriter } from '../objects/field-owners.ts';
import { numberAt, textAt, valueAt } from '../objects/json-at.ts';
import { managersOf } from '../objects/manager.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { replicasOf } from './already-so.ts';
import type { Surroundings } from './surroundings.ts';

export function blastRadius(live: Json, operation: Operation, around: Surroundings): readonly Touch[] {
  // What is created touches nothing that is there yet, but the Services that would select its pods.
  if (live === null) return [touch('info', 'created', 'Makes a new object'), ...newServiceTouches(around)];
  const beside = [...managerTouches(live), lastWriterTouch(live)];
  if (operation.type === 'delete') return [touch('warn', 'deleted', deletedWords(live, operation)), ...beside];
  if (operation.type === 'label' || operation.type === 'annotate' || !hasPods(live)) return beside;
  return [
    podsTouch(live, operation),
    ...rolloutTouches(live, operation),
    ...serviceTouches(live, operation, around),
    ...autoscalerTouches(operation, around),
    ...budgetTouches(around),
    ...beside,
  ];
}

const touch = (severity: Touch['severity'], code: string, message: string): Touch => ({
  severity,
  code,
  message: neutralise(message, SENTENCE_CHARACTERS_MAX),
});

const hasPods = (live: Json): boolean => valueAt(live, 'spec', 'template') !== undefined;

function deletedWords(live: Json, { propagation }: Extract<Operation, { type: 'delete' }>): string {
  const rest =
    propagation === 'Orphan'
      ? 'what it owns stays, without an owner'
      : `what it owns goes ${propagation === 'Foreground' ? 'before' : 'after'} it`;
  return `Takes the object away for good; ${hasPods(live) ? `all ${replicasOf(live)} pods stop, ` : ''}${rest}`;
}

const newServiceTouches = ({ services }: Surroundings): readonly Touch[] =>
  services.map(({ name }) => touch('warn', 'service', `Service ${name} would send requests to its pods`));

function podsTouch(live: Json, operation: Operation): Touch {
  const now = replicasOf(live);
  if (operation.type !== 'scale') {
    const ready = numberAt(live, 'status', 'readyReplicas') ?? 0;
    return touch('info', 'pods-rolled', `Rolls all ${now} pods (${ready} ready now)`);
  }
  const { replicas } = operation;
  if (replicas === 0) return touch('warn', 'pods-removed', `Removes all ${now} pods: the workload stops`);
  if (replicas < now) return touch('warn', 'pods-removed', `Removes ${now - replicas} of ${now} pods`);
  return touch('info', 'pods-added', `Adds ${replicas - now} pods to ${now}`);
}

function rolloutTouches(live: Json, operation: Operation): readonly Touch[] {
  if (operation.type === 'scale') return [];
  const found: Touch[] = [];
  if (valueAt(live, 'spec', 'paused') === true) {
    found.push(touch('warn', 'rollout-paused', 'The rollout is paused: nothing rolls until somebody resumes it'));
  }
  if (textAt(live, 'spec', 'strategy', 'type') === 'Recreate') {
    found.push(touch('warn', 'rollout-recreate', 'The strategy is Recreate: all pods stop before new ones start'));
  }
  return found;
}

function serviceTouches(live: Json, operation: Operation, { services }: Surroundings): readonly Touch[] {
  const expected = operation.type === 'scale' ? operation.replicas : replicasOf(live);
  if (services.length === 0) return [touch('ok', 'no-service', 'No Service selects its pods')];
  return services.map(({ name, endpoints }) => {
    const after = `${expected} expected afterwards`;
    if (endpoints.ready === 0) return touch('warn', 'service', `Service ${name} has no ready endpoints now; ${after}`);
    const severity = expected < endpoints.ready ? 'warn' : 'info';
    return touch(
      severity,
      'service',
      `Service ${name} has ${endpoints.ready} of ${endpoints.total} endpoints ready now; ${after}`,
    );
  });
}

function autoscalerTouches(operation: Operation, { autoscalers }: Surroundings): readonly Touch[] {
  if (autoscalers.length === 0) return [touch('ok', 'no-autoscaler', 'No HorizontalPodAutoscaler scales it')];
  return autoscalers.map(({ name, min, max }) =>
    operation.type === 'scale'
      ? touch(
          'warn',
          'autoscaler',
          `HorizontalPodAutoscaler ${name} (${min} to ${max}) sets its replicas and may undo this`,
        )
      : touch(
          'info',
          'autoscaler',
          `HorizontalPodAutoscaler ${name} (${min} to ${max}) sets its replicas; the plan leaves them alone`,
        ),
  );
}

function budgetTouches({ disruptionBudgets }: Surroundings): readonly Touch[] {
  if (disruptionBudgets.length === 0)
    return [touch('ok', 'no-disruption-budget', 'No PodDisruptionBudget covers its pods')];
  return disruptionBudgets.map(({ name, disruptionsAllowed }) => {
    const allowed = disruptionsAllowed === null ? 'an unknown number of' : String(disruptionsAllowed);
    // Rollouts do not ask the budget (only evictions do), so this is for the reader to weigh.
    return touch(
      disruptionsAllowed === 0 ? 'warn' : 'info',
      'disruption-budget',
      `PodDisruptionBudget ${name} allows ${allowed} disruptions now; rollouts do not ask it`,
    );
  });
}

function managerTouches(live: Json): readonly Touch[] {
  const managers = managersOf(live);
  if (managers.length === 0) return [touch('ok', 'not-managed', 'Not managed by Argo CD, Flux or Helm')];
  return managers.map(({ tool, part }) =>
    touch(
      'warn',
      'managed-by',
      `Managed by ${tool}${part === null ? '' : ` (${part})`}, which may undo this; change its source, too`,
    ),
  );
}

function lastWriterTouch(live: Json): Touch {
  const writer = lastWriter(live);
  return writer === undefined
    ? touch('info', 'last-change', 'The cluster does not say who changed it last')
    : touch('info', 'last-change', `Last changed by ${writer.manager} at ${writer.time}`);
}

/**
 * What a change touches beside its own fields, one sentence each, computed from what the API server says of both sides of it. Names are the
 * API server's; free text is neutralised and capped. What was looked for and not found is said, too, and so is what could not be looked at.
 */
import { FIELD_MANAGER, type Json, type Step, type Touch } from '@countersign/approvals';
import { BLAST_NAMES_MAX, LAST_CHANGES_MINUTES, SENTENCE_CHARACTERS_MAX } from '../limits.ts';
import { fieldOwners, lastWriter } from '../objects/field-owners.ts';
import { listAt, numberAt, textAt, valueAt } from '../objects/json-at.ts';
import { managersOf, revertsByItself } from '../objects/manager.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { type Effect, effectOf } from './effect.ts';
import type { Surroundings } from './surroundings.ts';

export interface BlastFacts {
  readonly step: Step;
  /** Null: the step makes the object. */
  readonly live: Json;
  /** Null: the step takes it away. */
  readonly dryRun: Json;
  readonly around: Surroundings;
  readonly now: Date;
}

export function blastRadius(facts: BlastFacts): readonly Touch[] {
  const effect = effectOf(facts.step, facts.live, facts.dryRun);
  return [
    ...objectTouches(facts),
    ...podTouches(facts, effect),
    ...rolloutTouches(facts, effect),
    ...serviceTouches(facts, effect),
    ...autoscalerTouches(facts),
    ...budgetTouches(facts, effect),
    ...readerTouches(facts),
    ...managerTouches(facts),
    ...lastChangeTouches(facts),
    ...facts.around.unseen.map((what) => touch('warn', 'not-seen', `Could not look: ${what}`)),
  ];
}

const touch = (severity: Touch['severity'], code: string, message: string): Touch => ({
  severity,
  code,
  message: neutralise(message, SENTENCE_CHARACTERS_MAX),
});

/** `a, b and 3 more`. */
function named(names: readonly string[]): string {
  const shown = names.slice(0, BLAST_NAMES_MAX).join(', ');
  return names.length > BLAST_NAMES_MAX ? `${shown} and ${names.length - BLAST_NAMES_MAX} more` : shown;
}
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

function objectTouches({ step: { operation, target }, live, around }: BlastFacts): readonly Touch[] {
  if (live === null) return [touch('info', 'created', `Makes a new ${target.kind}`)];
  if (operation.type !== 'delete') return [];
  const { propagation } = operation;
  const owned = around.dependants.map(({ kind, name }) => `${kind} ${name}`);
  const looked = 'of kinds that Countersign may list';
  if (owned.length === 0) {
    return [touch('warn', 'deleted', `Takes the ${target.kind} away for good; nothing ${looked} is owned by it`)];
  }
  const fate =
    propagation === 'Orphan'
      ? `${plural(owned.length, 'object')} that it owns ${owned.length === 1 ? 'stays' : 'stay'} without an owner`
      : `${plural(owned.length, 'object')} that it owns ${owned.length === 1 ? 'goes' : 'go'} with it`;
  return [
    touch('warn', 'deleted', `Takes the ${target.kind} away for good`),
    touch('warn', 'dependants', `${fate} (${looked}): ${named(owned)}`),
  ];
}

function podTouches({ step: { operation, target }, live, around }: BlastFacts, effect: Effect): readonly Touch[] {
  const names = around.pods.map(({ name }) => name);
  const which = names.length > 0 ? `: ${named(names)}` : '';
  if (target.kind === 'Pod') return operation.type === 'delete' ? [podDeleted(live, around)] : [];
  if (['Service', 'NetworkPolicy', 'PodDisruptionBudget'].includes(target.kind)) {
    return [touch('info', 'pods-selected', `Selects ${plural(names.length, 'pod')}${which}`)];
  }
  const { podsBefore: now, podsAfter: then } = effect;
  const found: Touch[] = [];
  if (effect.rolls) {
    const ready = numberAt(live, 'status', 'readyReplicas') ?? numberAt(live, 'status', 'numberReady') ?? 0;
    found.push(touch('info', 'pods-rolled', `Rolls all ${then} pods (${ready} ready now)${which}`));
  }
  if (live !== null && then === 0 && now > 0) {
    found.push(touch('warn', 'pods-removed', `Removes all ${now} pods: the workload stops${which}`));
  } else if (then < now) found.push(touch('warn', 'pods-removed', `Removes ${now - then} of ${now} pods`));
  else if (then > now) found.push(touch('info', 'pods-added', `Adds ${then - now} pods to ${now}`));
  return found;
}

function podDeleted(live: Json, around: Surroundings): Touch {
  const owner = listAt(live, 'metadata', 'ownerReferences').find((one) => valueAt(one, 'controller') === true);
  if (owner === undefined) {
    return touch('warn', 'pods-removed', 'Stops the pod; it has no controller, so nothing starts it again');
  }
  const name = textAt(live, 'metadata', 'name');
  const others = around.pods.filter((pod) => pod.name !== name);
  const ready = others.filter((pod) => pod.ready).length;
  const by = `${textAt(owner, 'kind') ?? 'its controller'} ${textAt(owner, 'name') ?? ''}`;
  return touch(
    ready === 0 ? 'warn' : 'info',
    'pods-removed',
    `Stops the pod; ${by} starts another. ${ready} of its ${others.length} siblings are ready now`,
  );
}

function rolloutTouches({ live, dryRun }: BlastFacts, { rolls }: Effect): readonly Touch[] {
  const found: Touch[] = [];
  if (live !== null && valueAt(dryRun, 'spec', 'paused') === true) {
    found.push(touch('warn', 'rollout-paused', 'The rollout is paused: nothing rolls until somebody resumes it'));
  }
  if (rolls && textAt(dryRun, 'spec', 'strategy', 'type') === 'Recreate') {
    found.push(touch('warn', 'rollout-recreate', 'The strategy is Recreate: all pods stop before new ones start'));
  }
  if (live !== null && textAt(dryRun, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    found.push(touch('warn', 'rollout-on-delete', 'The strategy is OnDelete: pods change when somebody deletes them'));
  }
  return found;
}

function serviceTouches(facts: BlastFacts, effect: Effect): readonly Touch[] {
  const { step, live, around } = facts;
  if (step.target.kind === 'Service') return ofService(facts);
  if (!hasPods(facts)) return [];
  if (around.services.length === 0 && around.joins.length === 0) {
    return [touch('ok', 'no-service', 'No Service selects its pods')];
  }
  const routes = (service: string): string => {
    const names = around.ingresses.filter((one) => one.service === service).map(({ name }) => name);
    return names.length === 0 ? '' : ` (behind Ingress ${named(names)})`;
  };
  if (live === null) {
    return around.services.map(({ name }) =>
      touch('warn', 'service', `Service ${name}${routes(name)} would send requests to its pods`),
    );
  }
  return [
    ...around.services.map(({ name, endpoints: { ready, total, ours } }) => {
      const label = `Service ${name}${routes(name)}`;
      if (around.leaves.includes(name)) {
        return touch('warn', 'service', `${label} loses its pods: it selects them by a label that goes`);
      }
      const after = `${effect.podsAfter} expected afterwards`;
      if (ready === 0) return touch('warn', 'service', `${label} has no ready endpoints now; ${after}`);
      if (effect.podsAfter === 0 && effect.podsBefore > 0 && ours === ready) {
        return touch('warn', 'service', `${label} loses all ${ready} ready endpoints`);
      }
      const severity = effect.podsAfter < effect.podsBefore ? 'warn' : 'info';
      return touch(severity, 'service', `${label} has ${ready} of ${total} endpoints ready now; ${after}`);
    }),
    ...around.joins.map((name) => touch('warn', 'service', `Service ${name} would begin to send requests to its pods`)),
  ];
}

function ofService({ step: { operation, target }, live, dryRun, around }: BlastFacts): readonly Touch[] {
  const routes = around.ingresses.map(({ name }) => touch('warn', 'ingress', `Ingress ${name} leads to this Service`));
  const endpoints = around.services[0]?.endpoints ?? { ready: 0, total: 0 };
  if (live === null) return routes;
  const count = `${endpoints.ready} of ${endpoints.total} endpoints ready now`;
  if (operation.type === 'delete') {
    return [touch('warn', 'service', `Whoever calls ${target.name} finds nobody any more; ${count}`), ...routes];
  }
  const reselects = selectorText(live) !== selectorText(dryRun);
  return [
    reselects
      ? touch('warn', 'service', `The Service selects other pods: ${around.pods.length} afterwards; ${count}`)
      : touch('info', 'service', `The Service has ${count}`),
    ...routes,
  ];
}
const selectorText = (service: Json): string => JSON.stringify(valueAt(service, 'spec', 'selector') ?? null);

const hasPods = ({ live, dryRun }: BlastFacts): boolean => {
  const object = live ?? dryRun;
  return (
    textAt(object, 'kind') === 'Pod' ||
    valueAt(object, 'spec', 'template') !== undefined ||
    valueAt(object, 'spec', 'jobTemplate') !== undefined
  );
};
/** An autoscaler or a disruption budget is of no account to what has no pods. */
const isScaled = (facts: BlastFacts): boolean => hasPods(facts) && facts.step.target.kind !== 'Pod';

function autoscalerTouches(facts: BlastFacts): readonly Touch[] {
  const { live, dryRun, around } = facts;
  if (!isScaled(facts)) return [];
  if (around.autoscalers.length === 0) return [touch('ok', 'no-autoscaler', 'No HorizontalPodAutoscaler scales it')];
  const setsReplicas =
    live !== null && dryRun !== null && numberAt(live, 'spec', 'replicas') !== numberAt(dryRun, 'spec', 'replicas');
  return around.autoscalers.map(({ name, min, max }) => {
    const label = `HorizontalPodAutoscaler ${name} (${min} to ${max})`;
    if (dryRun === null) return touch('warn', 'autoscaler', `${label} would have nothing to scale`);
    return setsReplicas
      ? touch('warn', 'autoscaler', `${label} sets its replicas and may undo this`)
      : touch('info', 'autoscaler', `${label} sets its replicas; the plan leaves them alone`);
  });
}

function budgetTouches(facts: BlastFacts, { takenAtOnce }: Effect): readonly Touch[] {
  if (!hasPods(facts) || facts.live === null) return [];
  const { disruptionBudgets } = facts.around;
  if (disruptionBudgets.length === 0) {
    return [touch('ok', 'no-disruption-budget', 'No PodDisruptionBudget covers its pods')];
  }
  return disruptionBudgets.map(({ name, disruptionsAllowed }) => {
    const allowed = disruptionsAllowed === null ? 'an unknown number of' : String(disruptionsAllowed);
    const takes =
      takenAtOnce === 0 ? 'the plan takes none at once' : `the plan may take ${plural(takenAtOnce, 'pod')} at once`;
    // Only evictions ask the budget. A rollout, a scale or a delete does not, so this is for the reader to weigh.
    return touch(
      takenAtOnce > (disruptionsAllowed ?? 0) || disruptionsAllowed === 0 ? 'warn' : 'info',
      'disruption-budget',
      `PodDisruptionBudget ${name} allows ${allowed} disruptions now; ${takes}, and no such change asks the budget`,
    );
  });
}

function readerTouches({ step: { target, operation }, around: { readers } }: BlastFacts): readonly Touch[] {
  if (target.kind !== 'ConfigMap') return [];
  if (readers.length === 0) return [touch('ok', 'no-reader', 'No workload of the namespace reads it')];
  const names = named(readers.map(({ kind, name }) => `${kind} ${name}`));
  return [
    operation.type === 'delete'
      ? touch('warn', 'reader', `New pods of ${names} cannot start without it`)
      : touch(
          'warn',
          'reader',
          `Read by ${names}: mounted files change within minutes, environments with the next pod`,
        ),
  ];
}

function managerTouches({ step: { operation }, live }: BlastFacts): readonly Touch[] {
  if (live === null) return [];
  const managers = managersOf(live);
  if (managers.length === 0) return [touch('ok', 'not-managed', 'Not managed by Argo CD, Flux or Helm')];
  return managers.map((manager) => {
    const { tool, as, part } = manager;
    const who = `${tool === 'Flux' && as === 'Helm release' ? 'Flux' : tool} ${as}${part === null ? '' : ` ${part}`}`;
    const what = operation.type === 'delete' ? 'will make it again' : 'will revert this';
    return revertsByItself(manager)
      ? touch('warn', 'managed-by', `${who} ${what}, unless its source says the same: change it there`)
      : touch('warn', 'managed-by', `${who} may undo this with its next upgrade: change its chart or values, too`);
  });
}

function lastChangeTouches({ live, around, now }: BlastFacts): readonly Touch[] {
  if (live === null) return [];
  const writer = lastWriter(live);
  const since = new Date(now.getTime() - LAST_CHANGES_MINUTES * 60_000).toISOString();
  const others = new Set(
    fieldOwners(live)
      // The cluster's own controllers follow what others do.
      .filter(({ subresource, manager }) => subresource !== 'status' && manager !== 'kube-controller-manager')
      .filter(({ time }) => time >= since)
      .map(({ manager }) => (manager === FIELD_MANAGER ? 'Countersign' : manager)),
  );
  const last =
    writer === undefined
      ? 'The cluster does not say who changed it last'
      : `Last changed by ${writer.manager} at ${writer.time}`;
  const inLastHour = [
    ...(others.size > 0 ? [`changed by ${named([...others])}`] : []),
    ...(around.rollouts > 0 ? [plural(around.rollouts, 'rollout')] : []),
    ...(around.warnings > 0 ? [plural(around.warnings, 'warning event')] : []),
  ];
  return [
    touch('info', 'last-change', last),
    ...(inLastHour.length > 0 ? [touch('info', 'recent', `In the last hour: ${inLastHour.join('; ')}`)] : []),
  ];
}

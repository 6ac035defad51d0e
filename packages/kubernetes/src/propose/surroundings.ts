/** What lives beside the target and feels a change of it. */
import type { Json, Step } from '@countersign/approvals';
import { LAST_CHANGES_MINUTES } from '../limits.ts';
import { isObject, objectAt, textAt, valueAt } from '../objects/json-at.ts';
import { type LabelSelector, type Labels, labelsOf, selectorMatches } from '../objects/selectors.ts';
import type { Asked, Looker } from './looker.ts';
import {
  autoscalersAround,
  budgetsAround,
  type EndpointAround,
  endpointsAround,
  ingressesAround,
  type OwnedAround,
  ownedAround,
  type PodAround,
  podsAround,
  readersAround,
  replicaSetsAround,
  servicesAround,
  warningsOf,
  withLabels,
} from './surrounding-facts.ts';

export interface ServiceNow {
  readonly name: string;
  /** The label keys by which it finds its pods. */
  readonly selectorKeys: readonly string[];
  /** `ours`: ready ones that are the target's own pods. */
  readonly endpoints: { readonly ready: number; readonly total: number; readonly ours: number };
}
export interface Named {
  readonly kind: string;
  readonly name: string;
}

export interface Surroundings {
  /** The target's own pods; of a Service, a NetworkPolicy or a budget those that it selects; of a pod its siblings, itself among them. */
  readonly pods: readonly Pick<PodAround, 'name' | 'ready'>[];
  /** Services whose selector the target's pods match, as they are or, where they are new, as they will be; of a Service itself. */
  readonly services: readonly ServiceNow[];
  /** Names of Services whose selector the pods will match no more, or only then. */
  readonly leaves: readonly string[];
  readonly joins: readonly string[];
  /** Ingresses that lead to one of those Services. */
  readonly ingresses: readonly { readonly name: string; readonly service: string }[];
  readonly autoscalers: readonly { readonly name: string; readonly min: number; readonly max: number }[];
  readonly disruptionBudgets: readonly { readonly name: string; readonly disruptionsAllowed: number | null }[];
  /** Of a delete: what the target owns, and what that owns. */
  readonly dependants: readonly Named[];
  /** Of a ConfigMap: what reads it. */
  readonly readers: readonly Named[];
  /** Within the last LAST_CHANGES_MINUTES. */
  readonly rollouts: number;
  readonly warnings: number;
  /** What could not be looked at, and why. */
  readonly unseen: readonly string[];
}

/** A target with nothing around it. */
export const NOTHING_AROUND: Surroundings = {
  pods: [],
  services: [],
  leaves: [],
  joins: [],
  ingresses: [],
  autoscalers: [],
  disruptionBudgets: [],
  dependants: [],
  readers: [],
  rollouts: 0,
  warnings: 0,
  unseen: [],
};

export interface Placed {
  readonly step: Step;
  readonly live: Json;
  readonly dryRun: Json;
  readonly now: Date;
}

/** Throws Unavailable where the cluster gives no answer. What it refuses to show is in `unseen`. */
export async function readSurroundings(lookAt: Looker, placed: Placed): Promise<Surroundings> {
  const { target, operation } = placed.step;
  const unseen = new Set<string>();
  const look = async <T>(asked: Asked<T>): Promise<readonly T[]> => {
    const seen = await lookAt(asked);
    if (seen.unseen !== null) unseen.add(seen.unseen);
    return seen.found;
  };
  const object = placed.live ?? placed.dryRun;
  const uid = target.uid ?? '';
  const around = { ...NOTHING_AROUND, ...(await recent(look, placed)) };
  if (operation.type === 'delete') Object.assign(around, { dependants: await dependantsOf(look, uid) });
  if (target.kind === 'ConfigMap') Object.assign(around, { readers: await readersOf(look, target.name) });
  if (target.kind === 'Service') Object.assign(around, await aroundService(look, placed));
  else if (['NetworkPolicy', 'PodDisruptionBudget'].includes(target.kind)) {
    const member = target.kind === 'NetworkPolicy' ? 'podSelector' : 'selector';
    const selector = objectAt(placed.dryRun ?? placed.live, 'spec', member) as LabelSelector;
    Object.assign(around, { pods: await podsWith(look, selector) });
  } else if (podLabelsOf(object) !== undefined) Object.assign(around, await aroundPods(look, placed));
  return { ...around, unseen: [...unseen] };
}

type Look = <T>(asked: Asked<T>) => Promise<readonly T[]>;

/** The labels of the pods that an object makes, or its own where it is one; undefined: it has nothing to do with pods. */
function podLabelsOf(object: Json): Labels | undefined {
  if (textAt(object, 'kind') === 'Pod') return labelsOf(objectAt(object, 'metadata', 'labels'));
  const holder = valueAt(object, 'spec', 'jobTemplate') ?? object;
  const template = valueAt(holder, 'spec', 'template');
  return template === undefined ? undefined : labelsOf(objectAt(template, 'metadata', 'labels'));
}

async function aroundPods(look: Look, { step: { target }, live, dryRun }: Placed): Promise<Partial<Surroundings>> {
  const [services, slices, autoscalers, budgets, ingresses] = [
    await look(servicesAround),
    await look(endpointsAround),
    await look(autoscalersAround),
    await look(budgetsAround),
    await look(ingressesAround),
  ];
  const before = live === null ? undefined : podLabelsOf(live);
  const after = dryRun === null ? undefined : podLabelsOf(dryRun);
  const labels = before ?? after ?? {};
  const chosenBy = (of: Labels | undefined) =>
    services.filter(
      ({ selector }) => of !== undefined && selector !== null && selectorMatches({ matchLabels: selector }, of),
    );
  const own = live === null ? [] : await ownPods(look, live);
  const touched = chosenBy(labels);
  const names = (of: readonly { readonly name: string }[]): readonly string[] => of.map(({ name }) => name);
  const [then, now] = [names(chosenBy(before)), names(chosenBy(after))];
  return {
    pods: own,
    services: touched.map(({ name, selector }) => ({
      name,
      selectorKeys: Object.keys(selector ?? {}),
      endpoints: counted(name, slices.flat(), own),
    })),
    leaves: after === undefined ? [] : then.filter((name) => !now.includes(name)),
    joins: before === undefined ? [] : now.filter((name) => !then.includes(name)),
    ingresses: leadingTo(ingresses, names(touched)),
    autoscalers: autoscalers.filter((one) => one.kind === target.kind && one.target === target.name),
    disruptionBudgets: budgets.filter(({ selector }) => selectorMatches(selector, labels)),
  };
}

/** By owner references, two steps down (Deployment, ReplicaSet, pod); of a pod those that its controller owns. */
async function ownPods(look: Look, live: Json): Promise<readonly PodAround[]> {
  const uid = textAt(live, 'metadata', 'uid') ?? '';
  if (textAt(live, 'kind') === 'Pod') {
    const pods = await look(podsAround);
    const self = pods.find((pod) => pod.uid === uid);
    return pods.filter((pod) => pod.uid === uid || pod.owners.some((owner) => self?.owners.includes(owner)));
  }
  const selector = selectorOf(live);
  if (selector === undefined) return [];
  const sets = (await look(withLabels(replicaSetsAround, selector)))
    .filter(({ owners }) => owners.includes(uid))
    .map((set) => set.uid);
  const pods = await look(withLabels(podsAround, selector));
  return pods.filter(({ owners }) => owners.some((owner) => owner === uid || sets.includes(owner)));
}

const podsWith = async (look: Look, selector: LabelSelector): Promise<readonly PodAround[]> =>
  (await look(withLabels(podsAround, selector))).filter(({ labels }) => selectorMatches(selector, labels));

/** Undefined: it selects none, as a CronJob, whose jobs do. */
function selectorOf(live: Json): LabelSelector | undefined {
  const selector = valueAt(live, 'spec', 'selector');
  return isObject(selector) ? (selector as LabelSelector) : undefined;
}

async function aroundService(look: Look, { step: { target }, live, dryRun }: Placed): Promise<Partial<Surroundings>> {
  const [slices, ingresses] = [await look(endpointsAround), await look(ingressesAround)];
  const selector = labelsOf(valueAt(dryRun ?? live, 'spec', 'selector'));
  const chosen = Object.keys(selector).length === 0 ? [] : await podsWith(look, { matchLabels: selector });
  return {
    pods: chosen,
    services: [
      {
        name: target.name,
        selectorKeys: Object.keys(selector),
        endpoints: counted(target.name, slices.flat(), chosen),
      },
    ],
    ingresses: leadingTo(ingresses, [target.name]),
  };
}

function counted(
  service: string,
  endpoints: readonly EndpointAround[],
  own: readonly Pick<PodAround, 'name'>[],
): ServiceNow['endpoints'] {
  const readyByKey = new Map<string, { ready: boolean; ours: boolean }>();
  const ownNames = new Set(own.map(({ name }) => name));
  for (const { key, pod, ready } of endpoints.filter((endpoint) => endpoint.service === service)) {
    const ours = pod !== null && ownNames.has(pod);
    readyByKey.set(key, { ready: (readyByKey.get(key)?.ready ?? false) || ready, ours });
  }
  const all = [...readyByKey.values()];
  const ready = all.filter((endpoint) => endpoint.ready);
  return { ready: ready.length, total: all.length, ours: ready.filter(({ ours }) => ours).length };
}

const leadingTo = (
  ingresses: readonly { readonly name: string; readonly services: readonly string[] }[],
  services: readonly string[],
): Surroundings['ingresses'] =>
  ingresses.flatMap(({ name, services: backends }) =>
    services.filter((service) => backends.includes(service)).map((service) => ({ name, service })),
  );

async function dependantsOf(look: Look, uid: string): Promise<readonly Named[]> {
  const owned: OwnedAround[] = [];
  for (const asked of ownedAround) owned.push(...(await look(asked)));
  const gone = new Set([uid]);
  const found = new Set<OwnedAround>();
  // Each round finds what the last one's finds own; nothing is found twice, so that owners in a circle end, too.
  for (let more = true; more; ) {
    const next = owned.filter((one) => !found.has(one) && one.owners.some((owner) => gone.has(owner)));
    for (const one of next) {
      gone.add(one.uid);
      found.add(one);
    }
    more = next.length > 0;
  }
  return [...found].map(({ kind, name }) => ({ kind, name }));
}

async function readersOf(look: Look, configMap: string): Promise<readonly Named[]> {
  const readers: Named[] = [];
  for (const asked of readersAround) {
    for (const { kind, name, configMaps } of await look(asked)) {
      if (configMaps.includes(configMap)) readers.push({ kind, name });
    }
  }
  return readers;
}

async function recent(
  look: Look,
  { step: { target }, live, now }: Placed,
): Promise<Pick<Surroundings, 'rollouts' | 'warnings'>> {
  if (live === null) return { rollouts: 0, warnings: 0 };
  const since = now.getTime() - LAST_CHANGES_MINUTES * 60_000;
  const isRecent = (at: string): boolean => Date.parse(at) >= since;
  const warnings = (await look(warningsOf(target))).filter(isRecent);
  const uid = textAt(live, 'metadata', 'uid') ?? '';
  const selector = target.kind === 'Deployment' ? selectorOf(live) : undefined;
  const sets = selector === undefined ? [] : await look(withLabels(replicaSetsAround, selector));
  return {
    rollouts: sets.filter(({ owners, createdAt }) => owners.includes(uid) && isRecent(createdAt)).length,
    warnings: warnings.length,
  };
}

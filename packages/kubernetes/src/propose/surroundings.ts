/** What lives beside the target and feels a change of it: Services, their endpoints, autoscalers, disruption budgets. */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { countEndpoints, type EndpointCount } from '../objects/endpoint-count.ts';
import { objectAt } from '../objects/json-at.ts';
import { AUTOSCALERS, DISRUPTION_BUDGETS, ENDPOINT_SLICES, SERVICES } from '../objects/resource-kinds.ts';
import { type LabelSelector, labelsOf, selectorMatches } from '../objects/selectors.ts';
import type { EndpointSlice, HorizontalPodAutoscaler, PodDisruptionBudget, Service } from '../objects/wire.ts';

export interface ServiceNow {
  readonly name: string;
  readonly endpoints: EndpointCount;
}

export interface Surroundings {
  /** Services whose selector the target's pods match, with their endpoints now. */
  readonly services: readonly ServiceNow[];
  readonly autoscalers: readonly { readonly name: string; readonly min: number; readonly max: number }[];
  readonly disruptionBudgets: readonly { readonly name: string; readonly disruptionsAllowed: number | null }[];
}

/** Whole lists of the namespace. Throws Unavailable or Forbidden: a blast radius that leaves something out is worse than none. */
export async function readSurroundings(
  connection: ClusterConnection,
  target: { readonly kind: string; readonly namespace: string; readonly name: string },
  live: Json,
): Promise<Surroundings> {
  const { namespace } = target;
  const [services, slices, autoscalers, budgets] = await Promise.all([
    listAll<Service>(connection, SERVICES, namespace),
    listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace),
    listAll<HorizontalPodAutoscaler>(connection, AUTOSCALERS, namespace),
    listAll<PodDisruptionBudget>(connection, DISRUPTION_BUDGETS, namespace),
  ]);
  const labels = labelsOf(objectAt(live, 'spec', 'template', 'metadata', 'labels'));
  const touched = services.filter(({ spec }) => {
    const selector = spec?.selector;
    return (
      selector !== undefined && Object.keys(selector).length > 0 && selectorMatches({ matchLabels: selector }, labels)
    );
  });
  return {
    services: touched.map(({ metadata }) => {
      const name = metadata?.name ?? '';
      return { name, endpoints: countEndpoints(name, slices) };
    }),
    autoscalers: autoscalers
      .filter(({ spec }) => spec?.scaleTargetRef.kind === target.kind && spec.scaleTargetRef.name === target.name)
      .map(({ metadata, spec }) => ({
        name: metadata?.name ?? '',
        min: spec?.minReplicas ?? 1,
        max: spec?.maxReplicas ?? 1,
      })),
    disruptionBudgets: budgets
      .filter(({ spec }) => spec?.selector !== undefined && selectorMatches(spec.selector as LabelSelector, labels))
      .map(({ metadata, status }) => ({
        name: metadata?.name ?? '',
        disruptionsAllowed: status?.disruptionsAllowed ?? null,
      })),
  };
}

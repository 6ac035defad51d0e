/** get_service_diagnostics: whether traffic gets from a Service to a pod, and where it is lost: selector, readiness, ports, endpoints. */
import type { Json } from '@countersign/approvals';
import { foldList, listAll } from '../../connection/list.ts';
import { LABEL_VALUES_MAX } from '../../limits.ts';
import { countEndpoints } from '../../objects/endpoint-count.ts';
import { collectionPath, ENDPOINT_SLICES, PODS } from '../../objects/resource-kinds.ts';
import { type Labels, selectorText } from '../../objects/selectors.ts';
import type { EndpointSlice, Pod, Service } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { serviceDetail } from '../summaries/core.ts';
import type { Diagnose, Diagnosis } from './diagnose.ts';
import { type FindingList, findingList } from './findings.ts';
import { relatedEvents } from './related-events.ts';
import { podsJson, type WorkloadPods, workloadPods } from './workload-pods.ts';

export const diagnoseService: Diagnose = async (asked, object) => {
  const { connection, namespace, limit } = asked;
  const service = object as Service;
  const name = service.metadata?.name ?? '';
  const slices = await listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace, {
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  const selector = service.spec?.selector ?? {};
  const selects = Object.keys(selector).length > 0 && service.spec?.type !== 'ExternalName';
  const pods = selects
    ? await workloadPods(connection, namespace, { matchLabels: selector }, () => true, limit)
    : undefined;
  const findings = pods?.findings ?? findingList();
  if (pods === undefined) withoutSelector(service, slices, findings);
  else {
    endpointFindings(name, slices, pods, findings);
    portFindings(service, pods, findings);
  }
  const nearMisses = pods?.total === 0 ? await labelValues(asked, selector, findings) : null;
  const { events, more } = await relatedEvents(
    connection,
    namespace,
    new Set([service.metadata?.uid, ...(pods?.uids ?? [])]),
    limit,
  );
  return {
    service: serviceDetail(service, slices),
    findings: findings.json(),
    ...(pods === undefined ? {} : podsJson(pods)),
    ...(nearMisses === null ? {} : { labelsOfPods: nearMisses }),
    events: [...events],
    truncated: (pods?.total ?? 0) > limit || more,
  };
};

function withoutSelector({ metadata, spec }: Service, slices: readonly EndpointSlice[], findings: FindingList): void {
  if (spec?.type === 'ExternalName') return;
  const { ready } = countEndpoints(metadata?.name ?? '', slices);
  const message = 'The Service has no selector: somebody else keeps its endpoints.';
  findings.add({ code: 'service.without-selector', severity: ready === 0 ? 'error' : 'warning', message });
}

function endpointFindings(
  name: string,
  slices: readonly EndpointSlice[],
  pods: WorkloadPods,
  findings: FindingList,
): void {
  const { ready } = countEndpoints(name, slices);
  if (pods.total === 0) {
    findings.add({ code: 'service.selects-nothing', severity: 'error', message: 'The selector matches no pod.' });
  } else if (pods.ready === 0) {
    const message = `None of the ${pods.total} pods that it selects is ready.`;
    findings.add({
      code: 'service.no-ready-pod',
      severity: 'error',
      message,
      next: 'get_pod_diagnostics for one of them',
    });
  } else if (ready === 0) {
    const message = `${pods.ready} selected pods are ready, and no endpoint is: the ports do not fit, or the controller lags.`;
    findings.add({ code: 'service.no-endpoints', severity: 'error', message });
  } else if (ready < pods.ready && pods.complete) {
    const message = `${pods.ready} selected pods are ready, ${ready} endpoints are.`;
    findings.add({ code: 'service.fewer-endpoints', severity: 'warning', message });
  }
}

/** A port by name must be declared by the pods; a number need not be, and a typo in it is seen nowhere else. */
function portFindings({ spec }: Service, { worst }: WorkloadPods, findings: FindingList): void {
  if (worst.length === 0) return;
  const declared = worst.flatMap((pod: Pod) => pod.spec?.containers.flatMap(({ ports }) => ports ?? []) ?? []);
  for (const { port, targetPort = port, protocol = 'TCP' } of spec?.ports ?? []) {
    const fits = declared.some(
      (one) =>
        (one.protocol ?? 'TCP') === protocol &&
        (typeof targetPort === 'string' && !/^\d+$/.test(targetPort)
          ? one.name === targetPort
          : one.containerPort === Number(targetPort)),
    );
    if (fits) continue;
    const named = typeof targetPort === 'string' && !/^\d+$/.test(targetPort);
    const offered = [...new Set(declared.map(({ name, containerPort }) => safeWord(name ?? String(containerPort))))];
    findings.add({
      code: named ? 'service.port-name-unknown' : 'service.port-not-declared',
      severity: named ? 'error' : 'warning',
      message: `Port ${port} goes to ${safeWord(String(targetPort))}/${safeWord(protocol)}, which the pods do not declare (they declare ${offered.slice(0, LABEL_VALUES_MAX).join(', ') || 'none'}).`,
    });
  }
}

/** Of each label that is asked for: how many pods have it at all, and with which values. */
async function labelValues(
  { connection, namespace }: Diagnosis,
  selector: Labels,
  findings: FindingList,
): Promise<Json> {
  const terms = Object.entries(selector);
  const { value } = await foldList<Pod, Map<string, Map<string, number>>>(
    connection,
    collectionPath(PODS, namespace),
    {},
    () => new Map(terms.map(([key]) => [key, new Map()])),
    (seen, { metadata }) => {
      for (const [key, values] of seen) {
        const label = metadata?.labels?.[key];
        // Bounded, and the rest would tell no more.
        if (label !== undefined && (values.has(label) || values.size < LABEL_VALUES_MAX))
          values.set(label, (values.get(label) ?? 0) + 1);
      }
      return seen;
    },
  );
  for (const [key, wanted] of terms) {
    if (value.get(key)?.has(wanted) === true) continue;
    const message = `No pod in the namespace has the label ${safeWord(selectorText({ matchLabels: { [key]: wanted } }))}.`;
    findings.add({ code: 'service.label-unmatched', severity: 'error', message });
  }
  return terms.map(([key, wanted]) => ({
    label: safeWord(key),
    wanted: safeWord(wanted),
    values: [...(value.get(key) ?? [])].map(([text, pods]) => ({ value: safeWord(text), pods })),
  }));
}

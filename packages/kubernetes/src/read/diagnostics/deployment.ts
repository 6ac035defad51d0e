/** get_deployment_diagnostics: a Deployment with everything that explains its state: revisions, pods, Services, events. */
import type { Json } from '@countersign/approvals';
import { listAll } from '../../connection/list.ts';
import { ENDPOINT_SLICES, REPLICA_SETS, SERVICES } from '../../objects/resource-kinds.ts';
import { rolloutOf } from '../../objects/rollout.ts';
import { type LabelSelector, type Labels, selectorMatches, selectorText } from '../../objects/selectors.ts';
import type { Deployment, EndpointSlice, ReplicaSet, Service } from '../../objects/wire.ts';
import { conditions, deploymentSummary, REVISION, replicaSetSummary, serviceDetail } from '../summaries/core.ts';
import type { Diagnose } from './diagnose.ts';
import type { FindingList } from './findings.ts';
import { logHint } from './log-hint.ts';
import { relatedEvents } from './related-events.ts';
import { ownedBy, podsJson, workloadPods } from './workload-pods.ts';

/** `limit`: of ReplicaSets, of pods and of events, each the newest or the worst. */
export const diagnoseDeployment: Diagnose = async ({ connection, namespace, limit }, object) => {
  const deployment = object as Deployment;
  const labelSelector = selectorText(deployment.spec?.selector);
  const [allSets, services] = await Promise.all([
    listAll<ReplicaSet>(connection, REPLICA_SETS, namespace, { labelSelector }),
    servicesFor(connection, namespace, deployment.spec?.template.metadata?.labels ?? {}),
  ]);
  const sets = allSets.filter(({ metadata }) => ownedBy(metadata, [deployment.metadata?.uid]));
  const setUids = sets.map((set) => set.metadata?.uid);
  const owns = (metadata: ReplicaSet['metadata']): boolean => ownedBy(metadata, setUids);
  const pods = await workloadPods(connection, namespace, deployment.spec?.selector, owns, limit);
  const uids = new Set([deployment.metadata?.uid, ...setUids, ...pods.uids]);
  const [{ events, more }, log] = await Promise.all([
    relatedEvents(connection, namespace, uids, limit),
    logHint(connection, namespace, pods.worst[0]),
  ]);
  deploymentFindings(deployment, pods.findings);
  return {
    deployment: { ...deploymentSummary(deployment), conditions: conditions(deployment.status?.conditions) },
    findings: pods.findings.json(),
    replicaSets: [...sets].sort(byRevision).slice(0, limit).map(replicaSetSummary),
    ...podsJson(pods),
    services,
    log,
    events: [...events],
    truncated: sets.length > limit || pods.total > limit || more,
  };
};

function deploymentFindings(deployment: Deployment, findings: FindingList): void {
  const { paused, deadlineExceeded, observed } = rolloutOf(deployment);
  const failure = deployment.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  if (deadlineExceeded) {
    findings.add({
      code: 'rollout.stuck',
      severity: 'error',
      message: 'The rollout made no progress within its deadline.',
    });
  }
  if (failure !== undefined) {
    const message = 'Pods cannot be created.';
    findings.add({ code: 'rollout.pods-refused', severity: 'error', message, said: failure.message });
  }
  if (paused) findings.add({ code: 'rollout.paused', severity: 'warning', message: 'The rollout is paused.' });
  if (!observed) {
    const message = 'The controller has not acted on the newest spec yet.';
    findings.add({ code: 'rollout.not-observed', severity: 'warning', message });
  }
}

/** Services whose selector the pods' labels satisfy, with their endpoints. */
export async function servicesFor(
  connection: Parameters<Diagnose>[0]['connection'],
  namespace: string,
  labels: Labels,
): Promise<Json> {
  const all = await listAll<Service>(connection, SERVICES, namespace);
  const matching = all.filter(({ spec }) => {
    const matchLabels = spec?.selector;
    if (matchLabels === undefined || Object.keys(matchLabels).length === 0) return false;
    return selectorMatches({ matchLabels } as LabelSelector, labels);
  });
  if (matching.length === 0) return [];
  const names = matching.map(({ metadata }) => metadata?.name ?? '').join(',');
  const labelSelector = `kubernetes.io/service-name in (${names})`;
  const slices = await listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace, { labelSelector });
  return matching.map((service) => serviceDetail(service, slices));
}

const byRevision = (a: ReplicaSet, b: ReplicaSet): number =>
  Number(b.metadata?.annotations?.[REVISION] ?? 0) - Number(a.metadata?.annotations?.[REVISION] ?? 0);

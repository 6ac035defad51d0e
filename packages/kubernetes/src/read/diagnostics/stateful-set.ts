/** get_statefulset_diagnostics: its pods in order, its volume claims, its governing Service. */
import type { Json } from '@countersign/approvals';
import { foldList } from '../../connection/list.ts';
import { readObject } from '../../connection/read.ts';
import { collectionPath, objectPath, SERVICES, VOLUME_CLAIMS } from '../../objects/resource-kinds.ts';
import type { ObjectMeta, StatefulSet, VolumeClaim } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { conditions } from '../summaries/core.ts';
import { volumeClaimSummary } from '../summaries/network.ts';
import { statefulSetSummary } from '../summaries/workloads.ts';
import { servicesFor } from './deployment.ts';
import type { Diagnose, Diagnosis } from './diagnose.ts';
import { logHint } from './log-hint.ts';
import { isReady } from './pod-findings.ts';
import { relatedEvents } from './related-events.ts';
import { ownedBy, podsJson, type WorkloadPods, workloadPods } from './workload-pods.ts';

export const diagnoseStatefulSet: Diagnose = async (asked, object) => {
  const { connection, namespace, limit } = asked;
  const set = object as StatefulSet;
  const owns = (metadata: ObjectMeta | undefined): boolean => ownedBy(metadata, [set.metadata?.uid]);
  const [pods, services, claims] = await Promise.all([
    workloadPods(connection, namespace, set.spec?.selector, owns, limit),
    servicesFor(connection, namespace, set.spec?.template?.metadata?.labels ?? {}),
    claimsOf(asked, set),
  ]);
  await statefulSetFindings(asked, set, pods);
  for (const claim of claims) {
    if (claim.status?.phase === 'Bound') continue;
    const message = `A volume claim is ${safeWord(claim.status?.phase ?? 'without a phase')}, not bound.`;
    pods.findings.add({ code: 'volume-claim.unbound', severity: 'error', message }, claim.metadata?.name);
  }
  const [{ events, more }, log] = await Promise.all([
    relatedEvents(
      connection,
      namespace,
      new Set([set.metadata?.uid, ...pods.uids, ...claims.map(({ metadata }) => metadata?.uid)]),
      limit,
    ),
    logHint(connection, namespace, pods.worst[0]),
  ]);
  return {
    statefulSet: { ...statefulSetSummary(set), conditions: conditions(set.status?.conditions) },
    findings: pods.findings.json(),
    ...podsJson(pods),
    volumeClaims: claims.slice(0, limit).map(volumeClaimSummary),
    services,
    log,
    events: [...events],
    truncated: pods.total > limit || claims.length > limit || more,
  };
};

async function statefulSetFindings(
  { connection, namespace }: Diagnosis,
  set: StatefulSet,
  pods: WorkloadPods,
): Promise<void> {
  const { findings } = pods;
  const { spec, status } = set;
  const governing = spec?.serviceName;
  if (governing !== undefined && governing !== '') {
    const service: Json | null = await readObject(connection, objectPath(SERVICES, namespace, governing));
    if (service === null) {
      const message = `The governing Service ${safeWord(governing)} does not exist: the pods have no names of their own.`;
      findings.add({ code: 'statefulset.service-missing', severity: 'error', message });
    }
  }
  // In order, one after another: what waits, waits for the first that is not ready.
  const blocking = pods.worst
    .filter((pod) => !isReady(pod))
    .sort((a, b) => ordinalOf(a.metadata) - ordinalOf(b.metadata))[0];
  if (
    (spec?.podManagementPolicy ?? 'OrderedReady') === 'OrderedReady' &&
    blocking !== undefined &&
    pods.total < (spec?.replicas ?? 1)
  ) {
    const message = `Later pods are not created before ${safeWord(blocking.metadata?.name)} is ready.`;
    findings.add({ code: 'statefulset.blocked', severity: 'error', message });
  }
  if (status?.updateRevision !== undefined && status.updateRevision !== status.currentRevision) {
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const why =
      spec?.updateStrategy?.type === 'OnDelete'
        ? 'pods are only updated when somebody deletes them (OnDelete)'
        : partition > 0
          ? `pods below ordinal ${partition} are held back by the partition`
          : 'the rollout is not over';
    findings.add({ code: 'rollout.incomplete', severity: 'warning', message: `Two revisions run: ${why}.` });
  }
}

const ordinalOf = (metadata: ObjectMeta | undefined): number =>
  Number(/-(\d{1,9})$/.exec(metadata?.name ?? '')?.[1] ?? 0);

/** Claims made from its templates are named `template-set-ordinal`. */
async function claimsOf(
  { connection, namespace }: Diagnosis,
  { metadata, spec }: StatefulSet,
): Promise<readonly VolumeClaim[]> {
  const prefixes = (spec?.volumeClaimTemplates ?? []).map(
    (template) => `${template.metadata?.name}-${metadata?.name}-`,
  );
  if (prefixes.length === 0) return [];
  const isOurs = (name: string): boolean =>
    prefixes.some((prefix) => name.startsWith(prefix) && /^\d{1,9}$/.test(name.slice(prefix.length)));
  const { value } = await foldList<VolumeClaim, VolumeClaim[]>(
    connection,
    collectionPath(VOLUME_CLAIMS, namespace),
    {},
    () => [],
    (kept, claim) => (isOurs(claim.metadata?.name ?? '') ? [...kept, claim] : kept),
  );
  return value;
}

/** get_daemonset_diagnostics: on how many nodes it should run and does, and what keeps it from the others. */
import type { DaemonSet, ObjectMeta } from '../../objects/wire.ts';
import { conditions } from '../summaries/core.ts';
import { daemonSetSummary } from '../summaries/workloads.ts';
import { servicesFor } from './deployment.ts';
import type { Diagnose } from './diagnose.ts';
import type { FindingList } from './findings.ts';
import { logHint } from './log-hint.ts';
import { relatedEvents } from './related-events.ts';
import { ownedBy, podsJson, workloadPods } from './workload-pods.ts';

export const diagnoseDaemonSet: Diagnose = async ({ connection, namespace, limit }, object) => {
  const set = object as DaemonSet;
  const owns = (metadata: ObjectMeta | undefined): boolean => ownedBy(metadata, [set.metadata?.uid]);
  const [pods, services] = await Promise.all([
    workloadPods(connection, namespace, set.spec?.selector, owns, limit),
    servicesFor(connection, namespace, set.spec?.template.metadata?.labels ?? {}),
  ]);
  daemonSetFindings(set, pods.findings);
  const [{ events, more }, log] = await Promise.all([
    relatedEvents(connection, namespace, new Set([set.metadata?.uid, ...pods.uids]), limit),
    logHint(connection, namespace, pods.worst[0]),
  ]);
  return {
    daemonSet: { ...daemonSetSummary(set), conditions: conditions(set.status?.conditions) },
    findings: pods.findings.json(),
    ...podsJson(pods),
    services,
    log,
    events: [...events],
    truncated: pods.total > limit || more,
  };
};

function daemonSetFindings({ spec, status }: DaemonSet, findings: FindingList): void {
  const desired = status?.desiredNumberScheduled ?? 0;
  const running = status?.currentNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  if (desired === 0) {
    const message = 'No node matches: node selector, affinity and taints leave none.';
    findings.add({ code: 'daemonset.no-node', severity: 'warning', message });
  }
  if (running < desired) {
    const message = `${desired - running} of ${desired} nodes have no pod of it.`;
    findings.add({ code: 'daemonset.nodes-without-pod', severity: 'error', message });
  }
  if ((status?.numberMisscheduled ?? 0) > 0) {
    const message = `${status?.numberMisscheduled} pods run on nodes where they should not.`;
    findings.add({ code: 'daemonset.misscheduled', severity: 'warning', message });
  }
  if (updated < desired && running >= desired) {
    const why =
      spec?.updateStrategy?.type === 'OnDelete' ? ' Pods are only updated when somebody deletes them (OnDelete).' : '';
    findings.add({
      code: 'rollout.incomplete',
      severity: 'warning',
      message: `${updated} of ${desired} pods are updated.${why}`,
    });
  }
}

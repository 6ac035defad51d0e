/** get_hpa_diagnostics: whether the autoscaler can measure, can scale, and has room left. */
import type { Json } from '@countersign/approvals';
import { readObject } from '../../connection/read.ts';
import { numberAt } from '../../objects/json-at.ts';
import { DEPLOYMENTS, objectPath, REPLICA_SETS, STATEFUL_SETS } from '../../objects/resource-kinds.ts';
import type { HorizontalPodAutoscaler } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { autoscalerSummary } from '../summaries/network.ts';
import type { Diagnose, Diagnosis } from './diagnose.ts';
import { type FindingList, findingList } from './findings.ts';
import { relatedEvents } from './related-events.ts';

export const diagnoseAutoscaler: Diagnose = async (asked, object) => {
  const { connection, namespace, limit } = asked;
  const autoscaler = object as HorizontalPodAutoscaler;
  const findings = findingList();
  const target = await targetOf(asked, autoscaler);
  if (target === null) {
    findings.add({ code: 'hpa.target-missing', severity: 'error', message: 'What it is to scale does not exist.' });
  }
  conditionFindings(autoscaler, findings);
  replicaFindings(autoscaler, findings);
  const { events, more } = await relatedEvents(connection, namespace, new Set([autoscaler.metadata?.uid]), limit);
  return {
    autoscaler: autoscalerSummary(autoscaler),
    targetReplicas: target === undefined || target === null ? null : (numberAt(target, 'spec', 'replicas') ?? null),
    findings: findings.json(),
    events: [...events],
    truncated: more,
  };
};

/** Null: it is not there. Undefined: it is of a kind that is not looked at here. */
async function targetOf(
  { connection, namespace }: Diagnosis,
  { spec }: HorizontalPodAutoscaler,
): Promise<Json | null | undefined> {
  const { kind, name } = spec?.scaleTargetRef ?? {};
  const found = [DEPLOYMENTS, STATEFUL_SETS, REPLICA_SETS].find((one) => one.kind === kind);
  return found === undefined || name === undefined || name === '' || /[/.]{2}|\//.test(name)
    ? undefined
    : readObject(connection, objectPath(found, namespace, name));
}

function conditionFindings({ spec, status }: HorizontalPodAutoscaler, findings: FindingList): void {
  const is = (type: string, wanted: string) =>
    status?.conditions?.find((one) => one.type === type && one.status === wanted);
  const unable = is('AbleToScale', 'False');
  if (unable !== undefined) {
    findings.add({
      code: 'hpa.cannot-scale',
      severity: 'error',
      message: `It cannot scale: ${safeWord(unable.reason)}.`,
      said: unable.message,
    });
  }
  const inactive = is('ScalingActive', 'False');
  if (inactive !== undefined) {
    const message = `It computes no replica count: ${safeWord(inactive.reason)}.`;
    findings.add({ code: 'hpa.no-metrics', severity: 'error', message, said: inactive.message });
  }
  const wanted = spec?.metrics?.length ?? 0;
  const measured = (status?.currentMetrics ?? []).filter(({ type }) => type !== '').length;
  if (inactive === undefined && measured < wanted) {
    const message = `${wanted - measured} of ${wanted} metrics have no value.`;
    findings.add({ code: 'hpa.metrics-missing', severity: 'warning', message });
  }
}

function replicaFindings({ spec, status }: HorizontalPodAutoscaler, findings: FindingList): void {
  const max = spec?.maxReplicas ?? 0;
  const min = spec?.minReplicas ?? 1;
  const limited = status?.conditions?.find(({ type, status: is }) => type === 'ScalingLimited' && is === 'True');
  if (min === max) {
    findings.add({
      code: 'hpa.fixed',
      severity: 'warning',
      message: `Minimum and maximum are both ${max}: it cannot change anything.`,
    });
  } else if ((status?.desiredReplicas ?? 0) >= max) {
    const message = `It is at its maximum of ${max}${limited?.reason === 'TooManyReplicas' ? ' and wants more' : ''}.`;
    findings.add({ code: 'hpa.at-maximum', severity: 'warning', message, said: limited?.message });
  }
  if ((status?.currentReplicas ?? 0) !== (status?.desiredReplicas ?? 0)) {
    const message = `It wants ${status?.desiredReplicas ?? 0} replicas, ${status?.currentReplicas ?? 0} are there.`;
    findings.add({ code: 'hpa.scaling', severity: 'warning', message });
  }
}

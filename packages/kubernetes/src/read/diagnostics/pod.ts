/** get_pod_diagnostics: one pod, what is wrong with it, the end of the failing container's log, its events. */
import type { Pod } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { podDetail } from '../summaries/core.ts';
import type { Diagnose } from './diagnose.ts';
import { findingList } from './findings.ts';
import { logHint } from './log-hint.ts';
import { podFindings } from './pod-findings.ts';
import { relatedEvents } from './related-events.ts';

export const diagnosePod: Diagnose = async ({ connection, namespace, limit }, object) => {
  const pod = object as Pod;
  const findings = findingList();
  for (const finding of podFindings(pod)) findings.add(finding);
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const [{ events, more }, log] = await Promise.all([
    relatedEvents(connection, namespace, new Set([pod.metadata?.uid]), limit),
    logHint(connection, namespace, pod),
  ]);
  return {
    pod: podDetail(pod),
    owner: owner === undefined ? null : { kind: safeWord(owner.kind), name: safeWord(owner.name) },
    findings: findings.json(),
    log,
    events: [...events],
    truncated: more,
  };
};

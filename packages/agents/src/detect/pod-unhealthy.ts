/** PodUnhealthy: images that cannot be pulled, containers that crash or run out of memory, pods that do not become ready. One finding an owner and symptom, however many pods. */
import type { Json } from '@countersign/approvals';
import { CONTAINERS_NAMED_MAX, EVIDENCE_ENTRIES_MAX, POD_NOT_READY_SECONDS } from '../limits.ts';
import type { ContainerFacts, PodFacts } from '../ports.ts';
import { shownImage, shownText } from '../untrusted-text.ts';
import { symptomOf } from './container-symptom.ts';
import { type AffectedContainer, type FindingEvidence, type Observation, SYMPTOMS, type Symptom } from './finding.ts';
import { type NamespaceView, secondsSince, type Workload } from './namespace-view.ts';
import { byText } from './order.ts';

interface Case {
  readonly pod: PodFacts;
  readonly symptom: Symptom;
  /** Null when the pod as a whole shows it. */
  readonly container: ContainerFacts | null;
}

export function detectPodUnhealthy(view: NamespaceView): readonly Observation[] {
  return [...view.workloads.values()].flatMap((workload) => {
    // Scaled to zero: what is left of its pods is on its way out, on purpose.
    if (workload.deployment?.desired === 0) return [];
    const cases = workload.pods.flatMap((pod) => casesOf(pod, view));
    const shown = SYMPTOMS.filter((symptom) => cases.some((c) => c.symptom === symptom));
    // Not being ready is what every other symptom looks like from outside: alone it is a finding, beside another it is that one's effect.
    const causes = shown.length > 1 ? shown.filter((symptom) => symptom !== 'not-ready') : shown;
    return causes.map((symptom) =>
      observation(
        workload,
        symptom,
        cases.filter((c) => c.symptom === symptom),
      ),
    );
  });
}

function casesOf(pod: PodFacts, view: NamespaceView): readonly Case[] {
  const found = pod.containers.flatMap((container): Case[] => {
    const symptom = symptomOf(container, pod, view);
    return symptom === undefined ? [] : [{ pod, symptom, container }];
  });
  if (found.length > 0) return found;
  if (pod.phase === 'Failed') return [{ pod, symptom: 'failed', container: null }];
  const longUnready = !pod.ready && secondsSince(view, pod.notReadySince ?? pod.createdAt) >= POD_NOT_READY_SECONDS;
  return longUnready ? [{ pod, symptom: 'not-ready', container: null }] : [];
}

const WHAT: Readonly<Record<Symptom, string>> = {
  'image-pull': 'image cannot be pulled',
  'config-error': 'container cannot be created from its configuration',
  'oom-killed': 'container was killed for using too much memory',
  'crash-loop': 'container keeps crashing',
  failed: 'pod failed',
  'not-ready': 'pods do not become ready',
};

function observation(workload: Workload, symptom: Symptom, cases: readonly Case[]): Observation {
  const { target, deployment } = workload;
  const containers = containersOf(cases);
  const affected = new Set(cases.map((c) => c.pod.name)).size;
  // A container that was killed for memory and runs again serves; in all other cases being up for a moment is part of the illness.
  const down = new Set(cases.filter((c) => symptom !== 'oom-killed' || !c.pod.ready).map((c) => c.pod.name)).size;
  const restarts = cases.reduce((most, c) => Math.max(most, c.container?.restarts ?? 0), 0);
  const first = containers[0];
  const detail = first === undefined ? '' : ` (container ${shownText(first.name, 63)}, ${shownImage(first.image, 80)})`;
  const facts: Record<string, Json> = {
    symptom,
    podsAffected: affected,
    podsTotal: workload.pods.length,
    restartsMost: restarts,
    containers: containers
      .slice(0, CONTAINERS_NAMED_MAX)
      .map((c) => ({ name: shownText(c.name, 63), image: shownImage(c.image) })),
    ...(deployment === null ? {} : { desired: deployment.desired, available: deployment.available }),
  };
  return {
    category: 'PodUnhealthy',
    cause: symptom,
    target,
    summary: `${target.kind} ${target.namespace}/${target.name}: ${WHAT[symptom]}${detail}, ${affected} of ${workload.pods.length} pods`,
    replicas: deployment === null ? null : { desired: deployment.desired, available: deployment.available },
    pods: { total: workload.pods.length, down },
    containers,
    facts,
    evidence: cases.slice(0, EVIDENCE_ENTRIES_MAX).map(evidenceOf),
  };
}

function containersOf(cases: readonly Case[]): readonly AffectedContainer[] {
  const byKey = new Map<string, AffectedContainer>();
  for (const { container } of cases) {
    if (container !== null)
      byKey.set(JSON.stringify([container.name, container.image]), { name: container.name, image: container.image });
  }
  return [...byKey].sort(([a], [b]) => byText(a, b)).map(([, container]) => container);
}

function evidenceOf({ pod, symptom, container }: Case): FindingEvidence {
  if (container === null)
    return { source: `pod ${pod.name}`, content: `${symptom}, phase ${pod.phase}, created ${pod.createdAt}` };
  const { waitingReason, waitingMessage, lastExit, restarts } = container;
  const parts = [
    `container ${container.name}`,
    ...(waitingReason === null
      ? []
      : [`waiting: ${waitingReason}${waitingMessage === null ? '' : ` (${waitingMessage})`}`]),
    ...(lastExit === null
      ? []
      : [`last exit code ${lastExit.exitCode}${lastExit.reason === null ? '' : ` (${lastExit.reason})`}`]),
    `${restarts} restarts`,
  ];
  return { source: `pod ${pod.name}`, content: parts.join('; ') };
}

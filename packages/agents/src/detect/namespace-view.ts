/** One namespace's facts, indexed once: who owns which pods, checked. Everything after this is linear in the number of objects. */
import { type Target, targetKey, target as targetSchema } from '@countersign/approvals';
import type { DeploymentFacts, NamespaceFacts, PodFacts } from '../ports.ts';
import { apiVersionOf } from './api-versions.ts';
import { byText } from './order.ts';

/** The pods of one owner that count: alive, not being deleted. */
export interface Workload {
  readonly target: Target;
  /** Null when the owner is no Deployment of this namespace. */
  readonly deployment: DeploymentFacts | null;
  readonly pods: readonly PodFacts[];
}

export interface NamespaceView {
  readonly facts: NamespaceFacts;
  readonly nowMs: number;
  /** By targetKey, in the order of the keys. Deployments without pods are in it. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** Workload key by pod name. */
  readonly workloadOfPod: ReadonlyMap<string, string>;
  readonly podsByName: ReadonlyMap<string, PodFacts>;
  readonly deploymentsByName: ReadonlyMap<string, DeploymentFacts>;
}

/** Seconds from an instant to the capture of the facts; an unreadable instant counts as long ago, so that it hides nothing. */
export function secondsSince(view: Pick<NamespaceView, 'nowMs'>, at: string): number {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : (view.nowMs - ms) / 1000;
}

export const labelsMatch = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean => Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);

/** A target as the core takes it, or undefined for names that no API server gives: they would end up in keys, messages and requests. */
export function targetOf(kind: string, namespace: string, name: string, uid: string | null): Target | undefined {
  const parsed = targetSchema.safeParse({ apiVersion: apiVersionOf(kind), kind, namespace, name, uid });
  return parsed.success ? parsed.data : undefined;
}

export function viewOf(facts: NamespaceFacts): NamespaceView {
  const deploymentsByUid = new Map(facts.deployments.map((deployment) => [deployment.uid, deployment]));
  const workloads = new Map<string, { target: Target; deployment: DeploymentFacts | null; pods: PodFacts[] }>();
  const workloadOfPod = new Map<string, string>();
  for (const deployment of facts.deployments) {
    const target = targetOf('Deployment', facts.namespace, deployment.name, deployment.uid);
    if (target !== undefined) workloads.set(targetKey(target), { target, deployment, pods: [] });
  }
  for (const pod of facts.pods) {
    // Pods that go are gone, and pods that ended have either done their work or been replaced by their controller.
    if (pod.deleting || pod.phase === 'Succeeded' || (pod.phase === 'Failed' && pod.owner !== null)) continue;
    const target = ownerOf(pod, facts.namespace, deploymentsByUid);
    if (target === undefined) continue;
    const key = targetKey(target);
    const workload = workloads.get(key) ?? { target, deployment: null, pods: [] };
    workload.pods.push(pod);
    workloads.set(key, workload);
    workloadOfPod.set(pod.name, key);
  }
  const sorted = [...workloads].sort(([a], [b]) => byText(a, b));
  for (const [, workload] of sorted) workload.pods.sort((a, b) => byText(a.name, b.name) || byText(a.uid, b.uid));
  return {
    facts,
    nowMs: Date.parse(facts.capturedAt),
    workloads: new Map(sorted),
    workloadOfPod,
    podsByName: new Map(facts.pods.map((pod) => [pod.name, pod])),
    deploymentsByName: new Map(facts.deployments.map((deployment) => [deployment.name, deployment])),
  };
}

/**
 * Whose pod it is. An owner reference is a claim by whoever wrote the pod: a pod that names a Deployment with a uid or labels that
 * are not that Deployment's stands for itself, so that nobody gets a plan made for a workload by planting a broken pod beside it.
 */
function ownerOf(
  pod: PodFacts,
  namespace: string,
  deploymentsByUid: ReadonlyMap<string, DeploymentFacts>,
): Target | undefined {
  const itself = targetOf('Pod', namespace, pod.name, pod.uid);
  if (pod.owner === null) return itself;
  if (pod.owner.kind !== 'Deployment')
    return targetOf(pod.owner.kind, namespace, pod.owner.name, pod.owner.uid) ?? itself;
  const deployment = deploymentsByUid.get(pod.owner.uid);
  if (deployment === undefined || deployment.name !== pod.owner.name) return itself;
  return labelsMatch(deployment.selector, pod.labels)
    ? targetOf('Deployment', namespace, deployment.name, deployment.uid)
    : itself;
}

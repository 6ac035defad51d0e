/** Reads and judges all namespaces before anything is written. A namespace that cannot be read whole is skipped whole and said so. */
import { Unavailable } from '@countersign/approvals';
import { detect, tooLarge } from '../detect/detect.ts';
import type { Finding } from '../detect/finding.ts';
import { NAMESPACES_AT_ONCE_MAX } from '../limits.ts';
import type { FactsCluster } from '../ports.ts';

export interface SkippedNamespace {
  readonly namespace: string;
  /** `unreadable`: the answer was no facts of that namespace, or our reading of it failed. */
  readonly why: 'unavailable' | 'too-large' | 'unreadable';
}

export interface NamespaceFindings {
  readonly namespace: string;
  readonly capturedAt: string;
  readonly findings: readonly Finding[];
}

export async function readViews(
  cluster: FactsCluster,
  namespaces: readonly string[],
): Promise<{ readonly views: readonly NamespaceFindings[]; readonly skipped: readonly SkippedNamespace[] }> {
  const distinct = [...new Set(namespaces)];
  const views: NamespaceFindings[] = [];
  const skipped: SkippedNamespace[] = [];
  for (let at = 0; at < distinct.length; at += NAMESPACES_AT_ONCE_MAX) {
    const some = distinct.slice(at, at + NAMESPACES_AT_ONCE_MAX);
    for (const read of await Promise.all(some.map((namespace) => readView(cluster, namespace)))) {
      if ('why' in read) skipped.push(read);
      else views.push(read);
    }
  }
  return { views, skipped };
}

/** A namespace whose content breaks our reading must not blind us to the others, so any error skips it; the error's text may hold the cluster's and stays here. */
async function readView(cluster: FactsCluster, namespace: string): Promise<NamespaceFindings | SkippedNamespace> {
  try {
    const facts = await cluster.facts(namespace);
    if (facts.namespace !== namespace || Number.isNaN(Date.parse(facts.capturedAt)))
      return { namespace, why: 'unreadable' };
    if (tooLarge(facts)) return { namespace, why: 'too-large' };
    return { namespace, capturedAt: facts.capturedAt, findings: detect(cluster.name(), facts) };
  } catch (error) {
    return { namespace, why: error instanceof Unavailable ? 'unavailable' : 'unreadable' };
  }
}

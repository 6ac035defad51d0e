/** Severity by rule from computed facts alone: no text from the cluster has a say. The first rule that holds decides, and its name is stored. */
import type { Severity } from '@countersign/approvals';
import type { Observation } from './finding.ts';

type Facts = Pick<Observation, 'category' | 'replicas' | 'pods'> & { readonly explained: boolean };

interface SeverityRule {
  readonly name: string;
  readonly severity: Severity;
  readonly holds: (facts: Facts) => boolean;
}

/**
 * Replicas that serve. The lower of what the Deployment reports and of the pods that are not down: a crash-looping container is
 * available for a few seconds in each round, and severity must not flap with it.
 */
function serving({ replicas, pods }: Facts): number {
  return replicas === null ? 0 : Math.min(replicas.available, Math.max(0, pods.total - pods.down));
}

const wanted = (facts: Facts): number => facts.replicas?.desired ?? 0;

const SEVERITY_RULES: readonly SeverityRule[] = [
  { name: 'explained-by-another-anomaly', severity: 'low', holds: (f) => f.explained },
  { name: 'service-without-ready-endpoints', severity: 'high', holds: (f) => f.category === 'ServiceNoEndpoints' },
  { name: 'sustained-warning-events', severity: 'medium', holds: (f) => f.category === 'WarningEvent' },
  { name: 'nothing-available', severity: 'high', holds: (f) => wanted(f) > 0 && serving(f) === 0 },
  { name: 'partly-available', severity: 'medium', holds: (f) => serving(f) < wanted(f) },
  {
    name: 'all-pods-down',
    severity: 'high',
    holds: (f) => f.replicas === null && f.pods.total > 0 && f.pods.down >= f.pods.total,
  },
  { name: 'pods-down-beside-healthy-ones', severity: 'medium', holds: (f) => f.pods.down > 0 },
];

export function severityOf(facts: Facts): { readonly severity: Severity; readonly rule: string } {
  const rule = SEVERITY_RULES.find(({ holds }) => holds(facts));
  return rule === undefined ? { severity: 'low', rule: 'otherwise' } : { severity: rule.severity, rule: rule.name };
}

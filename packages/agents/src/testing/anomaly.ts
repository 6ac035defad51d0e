/** The stored anomaly of what facts show, as the observer would have stored it. */
import type { Anomaly, AnomalyCategory } from '@countersign/approvals';
import { detect } from '../detect/detect.ts';
import { OBSERVER_LIMITS } from '../limits.ts';
import { mergeFinding } from '../observe/merge.ts';
import type { NamespaceFacts } from '../ports.ts';
import { CLUSTER, NOW } from './facts.ts';

export function anomalyIn(facts: NamespaceFacts, category: AnomalyCategory = 'PodUnhealthy'): Anomaly {
  const finding = detect(CLUSTER, facts).find((found) => found.category === category);
  if (finding === undefined) throw new Error(`the facts show no ${category}`);
  const view = { cluster: CLUSTER, cycleId: 'cycle-0', at: new Date(NOW), capturedAt: NOW, limits: OBSERVER_LIMITS };
  const { next } = mergeFinding(null, finding, view);
  if (next === null) throw new Error('the finding was not stored');
  return next;
}

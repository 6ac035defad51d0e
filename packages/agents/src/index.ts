/** The observer and the planner, deterministic: facts of a cluster -> anomalies -> proposals. They hold no right to change anything. */
export { OBSERVER_LIMITS, type ObserverLimits } from './limits.ts';
export { type CycleReport, type ObservePorts, observeCycle } from './observe.ts';
export { planRemedy } from './plan/plan-remedy.ts';
export type { NoRemedy, Remedy } from './plan/remedy.ts';
export type {
  ContainerFacts,
  DeploymentFacts,
  EventFacts,
  FactsCluster,
  NamespaceFacts,
  PodFacts,
  RevisionFacts,
  ServiceFacts,
} from './ports.ts';
export { type AnomalyOutcome, type ProposeForAnomalyPorts, proposeForAnomaly } from './propose-for-anomaly.ts';

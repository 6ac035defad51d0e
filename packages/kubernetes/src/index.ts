/** The cluster adapter: sole importer of @kubernetes/client-node. One factory per identity; each satisfies a port of its consumer. */
export { type ClusterConnection, type ConnectClusterOptions, connectCluster } from './connection/connect-cluster.ts';
export { currentContext } from './connection/kubeconfig.ts';
export { readIdentity, readServerVersion } from './connection/read.ts';
export { checkPolicyRules } from './deny-rules/expressions/expression-rules.ts';
export { executionCluster } from './execute/execution-cluster.ts';
export { executorGuardRefuses } from './guard/guard-in-force.ts';
export { type GuardReading, readGuards } from './guard/guard-state.ts';
export { type Access, mayI } from './identities/access-review.ts';
export { type DerivedUser, derivedKubeconfig } from './identities/derived-kubeconfig.ts';
export { managedNamespaces } from './identities/managed-namespaces.ts';
export { IDENTITIES, type IdentityName, requestToken } from './identities/service-accounts.ts';
export { objectRules } from './objects/object-rules.ts';
export { type FactsCluster, factsCluster } from './observe/facts-cluster.ts';
export { proposalCluster } from './propose/proposal-cluster.ts';
export { type ClusterReads, clusterReads } from './read/cluster-reads.ts';
export { neutralise } from './redaction/neutralise.ts';
export { type HiddenLeaf, redact } from './redaction/redact.ts';
export { verificationCluster } from './verify/verification-cluster.ts';

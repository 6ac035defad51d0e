/** The cluster adapter: sole importer of @kubernetes/client-node. One factory per identity; each satisfies a port of its consumer. */
export { type ClusterConnection, type ConnectClusterOptions, connectCluster } from './connection/connect-cluster.ts';
export { checkPolicyRules } from './deny-rules/expressions/expression-rules.ts';
export { executionCluster } from './execute/execution-cluster.ts';
export { objectRules } from './objects/object-rules.ts';
export { type FactsCluster, factsCluster } from './observe/facts-cluster.ts';
export { proposalCluster } from './propose/proposal-cluster.ts';
export { type ClusterReads, clusterReads } from './read/cluster-reads.ts';
export { neutralise } from './redaction/neutralise.ts';
export { type HiddenLeaf, redact } from './redaction/redact.ts';
export { verificationCluster } from './verify/verification-cluster.ts';

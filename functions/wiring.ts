/** Environment -> adapters. Each function takes only what its role may use; nothing here decides anything. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PolicySet, policySet } from '@countersign/approvals';
import type { PrivateJwk } from '@countersign/aws';
import { type ClusterConnection, checkPolicyRules, connectCluster } from '@countersign/kubernetes';

/** The shipped policy documents. Throws when one is no policy: a function with a wrong policy must not start. */
export function loadPolicies(environment: { readonly POLICY_DIRECTORY: string }): PolicySet {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(environment.POLICY_DIRECTORY, file), 'utf8'));
  const earlier = readdirSync(environment.POLICY_DIRECTORY, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.startsWith('earlier') && file.endsWith('.json'))
    .sort();
  const policies = policySet(read('deployed.json'), earlier.map(read));
  for (const policy of policies.byHash.values()) checkPolicyRules(policy);
  return policies;
}

export function connect(environment: {
  readonly CLUSTER_NAME: string;
  readonly KUBECONFIG_FILE: string;
  readonly KUBECONFIG_CONTEXT: string;
  readonly GUARD_MANIFEST_FILE: string;
}): ClusterConnection {
  return connectCluster({
    name: environment.CLUSTER_NAME,
    kubeconfig: readFileSync(environment.KUBECONFIG_FILE, 'utf8'),
    context: environment.KUBECONFIG_CONTEXT,
    guardManifests: readFileSync(environment.GUARD_MANIFEST_FILE, 'utf8'),
  });
}

/** keyFileSigner refuses what is no ES256 private key with a kid. */
export const readKeyFile = (file: string): PrivateJwk => JSON.parse(readFileSync(file, 'utf8'));

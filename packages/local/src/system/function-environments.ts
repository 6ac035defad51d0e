/** The environment variables of every function on one machine: the same names and shapes that the stack declares on AWS. */
import { fileURLToPath } from 'node:url';
import { type OutboxKind, personIdOf } from '@countersign/approvals';
import type { DataDirectory } from '../contract/data-directory.ts';
import type { Issuer } from '../embedded/issuer.ts';
import { SYMMETRIC_KEY_BYTES } from './limits.ts';
import type { SigningKeys } from './signing-keys.ts';

const FUNCTIONS = [
  'mcp',
  'web',
  'propose',
  'grant',
  'execute',
  'verify',
  'observe',
  'notify',
  'relay',
  'sweep',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export type Variables = Readonly<Record<string, string>>;

export type EnvironmentParts = {
  readonly data: DataDirectory;
  readonly keys: SigningKeys;
  readonly issuer: Issuer;
  readonly table: string;
  readonly queueUrls: Readonly<Record<OutboxKind, string>>;
  readonly kubeconfigFile: string;
  readonly clusterName: string;
  readonly policyDirectory: string;
  readonly pagesOrigin: string;
  readonly endpointOrigin: string;
  readonly version: string;
};

const DEPLOYMENT = 'local';
export const PROPOSE_FUNCTION = 'countersign-propose';
const GUARD_MANIFEST_FILE = fileURLToPath(new URL('../../../../infra/cluster/guard-policies.yaml', import.meta.url));
const ISSUER_GROUP = 'local';
/** Answers for the clients agent and reader: operator may approve their plans, second may not. */
const CLIENT_OWNER = 'second@example.com';

export function functionEnvironments(parts: EnvironmentParts): Readonly<Record<FunctionName, Variables>> {
  const { data, keys, issuer } = parts;
  const symmetricKey = (name: string): string => data.secret(name, SYMMETRIC_KEY_BYTES).toString('base64url');
  const storage = { TABLE: parts.table };
  const deployment = { DEPLOYMENT };
  const policies = { POLICY_DIRECTORY: parts.policyDirectory };
  const pinned = { PINNED_KEYS: JSON.stringify(keys.pinned) };
  const raw = { RAW_EVIDENCE_BUCKET: 'evidence-raw' };
  const queues = { QUEUE_URLS: JSON.stringify(parts.queueUrls) };
  const pages = { PAGES_URL: parts.pagesOrigin };
  const clusterName = { CLUSTER_NAME: parts.clusterName };
  const clusterAs = (identity: 'reader' | 'proposer' | 'executor'): Variables => ({
    ...clusterName,
    KUBECONFIG_FILE: parts.kubeconfigFile,
    KUBECONFIG_CONTEXT: identity,
    GUARD_MANIFEST_FILE,
  });
  const owner = issuer.users.find((user) => user.email === CLIENT_OWNER)?.sub ?? '';
  const machine = (display: string) => ({ kind: 'agent', display, owner: { claimValue: owner } });
  return {
    mcp: {
      ...deployment,
      ...storage,
      ...policies,
      ...pinned,
      ...pages,
      ...clusterAs('reader'),
      SIGNING_KEY_FILE: keys.files.release,
      RESOURCE: `${parts.endpointOrigin}/mcp`,
      ALLOWED_HOSTS: JSON.stringify([new URL(parts.endpointOrigin).host]),
      ALLOWED_ORIGINS: JSON.stringify([parts.endpointOrigin]),
      PROPOSE_FUNCTION,
      VERSION: parts.version,
      ISSUERS: JSON.stringify([
        {
          issuer: issuer.issuer,
          issuerGroup: ISSUER_GROUP,
          personClaim: 'sub',
          jwksUri: issuer.jwksUri,
          algorithms: ['ES256'],
          groupsClaim: 'groups',
          clients: {
            [issuer.clients.agent.clientId]: machine('agent'),
            [issuer.clients.reader.clientId]: machine('reader'),
          },
        },
      ]),
    },
    web: {
      ...deployment,
      ...storage,
      ...policies,
      ...pinned,
      ...pages,
      ...clusterName,
      SIGNING_KEY_FILE: keys.files.vote,
      CHALLENGE_KEY: symmetricKey('challenge'),
      ANTI_FORGERY_KEY: symmetricKey('anti-forgery'),
      SESSION_KEYS: JSON.stringify([symmetricKey('session')]),
      PEOPLE_ISSUER: JSON.stringify({
        issuer: issuer.issuer,
        clientId: issuer.clients.web.clientId,
        clientSecret: issuer.clients.web.clientSecret,
        scopes: ['email', 'profile', 'groups'],
        issuerGroup: ISSUER_GROUP,
        personClaim: 'sub',
        groupsClaim: 'groups',
      }),
    },
    propose: { ...storage, ...policies, ...raw, ...clusterAs('proposer') },
    grant: { ...deployment, ...storage, ...policies, ...pinned, SIGNING_KEY_FILE: keys.files.grant },
    execute: { ...deployment, ...storage, ...policies, ...pinned, ...raw, ...clusterAs('executor') },
    verify: { ...storage, ...clusterAs('reader') },
    observe: { ...storage, ...policies, ...clusterAs('reader') },
    notify: {
      ...storage,
      ...policies,
      ...pages,
      ...clusterName,
      MAIL_FROM: 'countersign@example.com',
      APPROVERS: JSON.stringify(
        issuer.users.map(({ email, sub, groups }) => ({ email, personId: personIdOf(ISSUER_GROUP, sub), groups })),
      ),
    },
    relay: { ...queues },
    sweep: { ...storage, ...queues },
  };
}

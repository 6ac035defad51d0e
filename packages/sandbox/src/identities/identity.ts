/** Who a request comes from, as the API sees it. */
export interface Identity {
  readonly userName: string;
  readonly groups: readonly string[];
}

export const identityNames = ['user', 'reader', 'proposer', 'executor'] as const;
export type IdentityName = (typeof identityNames)[number];

const system = 'countersign-system';

/** A service account's user name and groups, exactly as a real API server makes them up: policies and roles match on these. */
export function serviceAccount(namespace: string, name: string): Identity {
  return {
    userName: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

export const identities: Readonly<Record<IdentityName, Identity>> = {
  user: { userName: 'sandbox-user', groups: ['system:masters', 'system:authenticated'] },
  reader: serviceAccount(system, 'countersign-reader'),
  proposer: serviceAccount(system, 'countersign-proposer'),
  executor: serviceAccount(system, 'countersign-executor'),
};

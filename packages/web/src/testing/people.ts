import { clientPrincipalIdOf, type Person, PLANNER, personIdOf, type Requester } from '@countersign/approvals';

export const GROUP = 'kubernetes-operators';

export const personNamed = (name: string, groups: readonly string[]): Person => ({
  id: personIdOf('example', name),
  display: `${name}@example.com`,
  email: `${name}@example.com`,
  groups,
  signedInAt: '2026-11-21T09:12:00.000Z',
  sessionId: `session-of-${name}-`.padEnd(22, '0'),
});

export const OPERATOR = personNamed('operator', [GROUP]);
export const SECOND = personNamed('second', [GROUP]);
export const THIRD = personNamed('third', [GROUP]);
export const OUTSIDER = personNamed('outsider', []);

/** Owned by SECOND: operator may approve its plans, second may not. */
export const AGENT: Requester = {
  kind: 'agent',
  id: clientPrincipalIdOf('example', 'agent'),
  display: 'release-agent',
  owner: SECOND.id,
};
export const BY_PLANNER: Requester = PLANNER;
export const asRequester = (person: Person): Requester => ({
  kind: 'person',
  id: person.id,
  display: person.display,
  owner: null,
});

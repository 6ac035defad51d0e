/** What the tests of single rules share: a step and the codes of what the rules say of it. */
import { DENY_RULES, type Json, type Operation, type Policy, type Target } from '@countersign/approvals';
import { findingsOf, raisesOf } from '../deny-rules/findings.ts';
import type { RuleFacts } from '../deny-rules/rule.ts';
import { somePolicy } from './objects.ts';

export type Members = { [key: string]: Json };

export const apply = (manifest: Members = {}): Operation => ({ type: 'apply', manifest });
export const remove = {
  type: 'delete',
  propagation: 'Background',
  gracePeriodSeconds: null,
} as const satisfies Operation;

export interface RuleCase {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly namespace?: string;
  readonly operation?: Operation;
  readonly live?: Json;
  readonly after?: Json;
  readonly policy?: Partial<Policy>;
  readonly requester?: RuleFacts['requester'];
}

/** Every rule denies, unless the case's policy says otherwise. */
export const ruleFacts = (of: RuleCase): RuleFacts => ({
  policy: somePolicy({ deny: [...DENY_RULES], ...of.policy }),
  target: {
    apiVersion: of.apiVersion ?? 'apps/v1',
    kind: of.kind ?? 'Deployment',
    namespace: of.namespace ?? 'shop',
    name: 'web',
  } satisfies Omit<Target, 'uid'>,
  operation: of.operation ?? apply(),
  live: of.live ?? null,
  after: of.after ?? null,
  requester: of.requester,
});

export const deniedBy = (of: RuleCase): readonly string[] => [
  ...new Set(
    findingsOf(1, ruleFacts(of))
      .filter(({ severity }) => severity === 'deny')
      .map(({ code }) => code),
  ),
];
export const raisedBy = (of: RuleCase) => raisesOf(ruleFacts({ ...of, policy: { deny: [], ...of.policy } }));

/** A workload around a pod; `podSpec` is laid over one container with an image. */
export const workload = (podSpec: Members = {}, more: Members = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'a:1' }], ...podSpec } },
    ...more,
  },
});
export const withContainer = (container: Members, list = 'containers'): Json =>
  workload({ [list]: [{ name: 'c', image: 'a:1', ...container }] });

/** A Service in front of a target. */
export const serviceAround = (name: string, ready: number, total: number, ours = ready) => ({
  name,
  selectorKeys: ['app'],
  endpoints: { ready, total, ours },
});

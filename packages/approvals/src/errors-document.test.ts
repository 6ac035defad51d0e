/** docs/errors.md and the code say the same: every code, its sentences word for word, and whether to try again. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { publicRefusal } from './messages.ts';
import type { PlanStatus } from './plan-status.ts';
import type { RefusalCode, RefusalOf } from './refusal.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const SOURCE = readFileSync(new URL('./refusal.ts', import.meta.url), 'utf8');

/** Stands for the value of a field: the document shows its name in braces. */
const text = (field: string): string => `{${field}}`;
const number = (field: string): number => text(field) as unknown as number;
const status = (field: string): PlanStatus => text(field) as PlanStatus;
const findings = [{ severity: 'deny', code: text('code'), step: 1, message: text('message') }] as const;

/** One refusal of each code, or of each sentence that a code has. The type makes a new code a compile error here. */
const SAMPLES: { readonly [C in RefusalCode]: readonly RefusalOf<C>[] } = {
  'access.kind_denied': (['secret', 'policy', 'cluster-scoped', 'verbs'] as const).map((why) => ({
    code: 'access.kind_denied',
    kind: text('kind'),
    why,
  })),
  'access.not_bound': [
    {
      code: 'access.not_bound',
      namespace: text('namespace'),
      operation: text('operation'),
      allowed: [text('allowed')],
    },
    { code: 'access.not_bound', namespace: text('namespace'), operation: text('operation'), allowed: [] },
  ],
  'access.not_requester': [{ code: 'access.not_requester' }],
  'access.owner_unknown': [{ code: 'access.owner_unknown' }],
  'access.scope_missing': [{ code: 'access.scope_missing', scope: text('scope') }],
  'claim.lease_running': [{ code: 'claim.lease_running', until: text('until') }],
  'claim.lost': [{ code: 'claim.lost' }],
  'claim.target_locked': [{ code: 'claim.target_locked', target: text('target') }],
  'cluster.forbidden': [{ code: 'cluster.forbidden' }, { code: 'cluster.forbidden', rule: text('rule') }],
  'cluster.identity_changed': [{ code: 'cluster.identity_changed' }],
  'cluster.unreachable': [{ code: 'cluster.unreachable' }],
  'deadline.too_close': [{ code: 'deadline.too_close', secondsLeft: number('secondsLeft') }],
  'digest.chain_changed': [{ code: 'digest.chain_changed' }],
  'digest.evidence_changed': [{ code: 'digest.evidence_changed' }],
  'digest.intent_changed': [{ code: 'digest.intent_changed' }],
  'digest.review_changed': [{ code: 'digest.review_changed' }],
  'dry_run.changed': [{ code: 'dry_run.changed', changed: [text('changed')] }],
  'dry_run.refused': [{ code: 'dry_run.refused', reason: text('reason') }],
  'dry_run.unsupported_webhook': [{ code: 'dry_run.unsupported_webhook' }],
  'evidence.hidden_change': [{ code: 'evidence.hidden_change', paths: [text('paths')] }],
  'fence.lost': [{ code: 'fence.lost' }],
  'grant.expired': [{ code: 'grant.expired' }],
  'grant.invalid': [{ code: 'grant.invalid', claim: text('claim') }],
  'grant.missing': [{ code: 'grant.missing' }],
  'guard.changed': [{ code: 'guard.changed' }],
  'guard.missing': [{ code: 'guard.missing', policies: [text('policies')] }],
  'internal.unavailable': [{ code: 'internal.unavailable' }],
  'plan.expired': [{ code: 'plan.expired', notAfter: text('notAfter') }],
  'plan.finished': [{ code: 'plan.finished', status: status('status') }],
  'plan.no_undo': [{ code: 'plan.no_undo', why: text('why') }],
  'plan.not_approved': [{ code: 'plan.not_approved', status: status('status') }],
  'plan.not_found': [{ code: 'plan.not_found' }],
  'plan.not_pending': [{ code: 'plan.not_pending', status: status('status') }],
  'plan.not_started': [{ code: 'plan.not_started', notBefore: text('notBefore') }],
  'plan.open_exists': [{ code: 'plan.open_exists' }],
  'plan.revoked': [{ code: 'plan.revoked' }],
  'plan.too_large': [{ code: 'plan.too_large', limitBytes: number('limitBytes') }],
  'plan.transition_not_allowed': [{ code: 'plan.transition_not_allowed', from: status('from'), to: status('to') }],
  'plan.unreadable': [{ code: 'plan.unreadable' }],
  'policy.denied': [{ code: 'policy.denied', findings }],
  'policy.nobody_may_approve': [{ code: 'policy.nobody_may_approve' }],
  'policy.unknown': [{ code: 'policy.unknown' }],
  'release.invalid': [{ code: 'release.invalid' }],
  'release.missing': [{ code: 'release.missing' }],
  'release.not_permitted': [{ code: 'release.not_permitted' }],
  'request.conflict': [{ code: 'request.conflict' }],
  'request.continue_expired': [{ code: 'request.continue_expired' }],
  'request.invalid': [{ code: 'request.invalid', issues: [text('issues')] }],
  'request.not_understood': [
    { code: 'request.not_understood', command: number('command'), why: text('why'), instead: text('instead') },
  ],
  'request.rate_limited': [{ code: 'request.rate_limited', retryAfterSeconds: number('retryAfterSeconds') }],
  'request.too_large': [{ code: 'request.too_large', limitBytes: number('limitBytes') }],
  'requester.right_lost': [{ code: 'requester.right_lost' }],
  'target.container_unknown': [
    { code: 'target.container_unknown', container: text('container'), containers: [text('containers')] },
  ],
  'target.controlled': [{ code: 'target.controlled', by: text('by') }],
  'target.drifted': [{ code: 'target.drifted', changed: [text('changed')] }],
  'target.exists': [{ code: 'target.exists', kind: text('kind'), namespace: text('namespace'), name: text('name') }],
  'target.field_conflict': [
    { code: 'target.field_conflict', conflicts: [{ field: text('field'), owner: text('owner') }] },
  ],
  'target.kind_ambiguous': [{ code: 'target.kind_ambiguous', kind: text('kind'), candidates: [text('candidates')] }],
  'target.kind_not_supported': [{ code: 'target.kind_not_supported', kind: text('kind'), allowed: [text('allowed')] }],
  'target.kind_unknown': [{ code: 'target.kind_unknown', kind: text('kind') }],
  'target.not_found': [
    { code: 'target.not_found', kind: text('kind'), namespace: text('namespace'), name: text('name') },
  ],
  'target.revision_unknown': [
    { code: 'target.revision_unknown', revision: number('revision'), revisions: [number('revisions')] },
    { code: 'target.revision_unknown', revision: null, revisions: [] },
  ],
  'target.unchanged': [{ code: 'target.unchanged' }],
  'verification.not_met': [{ code: 'verification.not_met', unmet: [text('unmet')] }],
  'vote.already_voted': [{ code: 'vote.already_voted' }],
  'vote.challenge_expired': [{ code: 'vote.challenge_expired' }],
  'vote.challenge_invalid': [{ code: 'vote.challenge_invalid' }],
  'vote.challenge_used': [{ code: 'vote.challenge_used' }],
  'vote.comment_required': [{ code: 'vote.comment_required' }],
  'vote.digest_changed': [{ code: 'vote.digest_changed' }],
  'vote.form_not_trusted': [{ code: 'vote.form_not_trusted' }],
  'vote.idempotency_conflict': [{ code: 'vote.idempotency_conflict' }],
  'vote.not_eligible': (['requester', 'owner', 'group', 'not-the-requester'] as const).map((why) => ({
    code: 'vote.not_eligible',
    why,
  })),
  'vote.passkey_required': [{ code: 'vote.passkey_required' }],
  'votes.invalid': [{ code: 'votes.invalid' }],
  'votes.quorum_missing': [{ code: 'votes.quorum_missing', have: number('have'), need: number('need') }],
  'write.conflict': [{ code: 'write.conflict' }],
  'write.outcome_unknown': [{ code: 'write.outcome_unknown' }],
  'write.refused': [{ code: 'write.refused', reason: text('reason') }],
};

/** Rows of the document's table of refusals: code, when, what the caller sees, what to do, again. */
const ROWS = (DOCUMENT.split('\n## Refusals\n')[1]?.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const row = (code: string) => ROWS.find(([first]) => first === `\`${code}\``) ?? [];

/** The ways in which a code speaks, each once. */
const alternatives = (sentences: readonly string[]): string => [...new Set(sentences)].join('<br>');

const codes = Object.keys(SAMPLES).sort() as RefusalCode[];

describe('docs/errors.md', () => {
  it('lists the codes of refusal.ts, all of them, no others, each once, sorted', () => {
    const inSource = [...SOURCE.matchAll(/readonly code: '([^']+)'/g)].map(([, code]) => code);
    expect([...inSource].sort()).toEqual(codes);
    expect(ROWS.map(([code]) => code)).toEqual(codes.map((code) => `\`${code}\``));
  });

  it.each(codes)('says of %s when it comes, what the caller sees, what to do and whether to try again', (code) => {
    const said = SAMPLES[code].map(publicRefusal);
    const [, when, sees, todo, again] = row(code);
    expect(when).toMatch(/^[A-Z].{15,}\.$/);
    expect(sees).toBe(alternatives(said.map(({ message }) => message)));
    expect(todo).toBe(alternatives(said.map(({ next }) => next)));
    expect(again).toBe(said.some(({ retryable }) => retryable) ? 'yes' : 'no');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, type Json } from './canonical.ts';
import { digestOfText } from './digest.ts';
import { executePlan } from './execute.ts';
import { LIVE_GATES, RECORD_GATES } from './gates.ts';
import { sealGrant } from './grant.ts';
import { policySet } from './policy.ts';
import { releasePlan, sealRelease } from './release.ts';
import { seal, sealHash } from './seal.ts';
import {
  AGENT,
  keyPair,
  OPERATOR,
  OUTSIDER,
  POLICY,
  personNamed,
  SIGNERS,
  type World,
  world,
} from './testing/world.ts';
import { outboxRecord } from './transitions.ts';
import { sealVote } from './vote.ts';

/** Every leaf of a JSON value, as a path. */
function leaves(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(value))
    return value.length === 0 ? [path] : value.flatMap((item, at) => leaves(item, [...path, at]));
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  return [path];
}

function mutate(value: Json, path: readonly (string | number)[]): Json {
  const [head, ...rest] = path;
  if (head === undefined) {
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'string') return value.endsWith('0') ? `${value.slice(0, -1)}1` : `${value.slice(0, -1)}0`;
    return value === null ? 'x' : ['x'];
  }
  if (Array.isArray(value)) return value.map((item: Json, at) => (at === head ? mutate(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value as { [key: string]: Json }).map(([key, item]) => [
      key,
      key === head ? mutate(item, rest) : item,
    ]),
  );
}

/** Swaps the payload of a seal, keeping its signature. */
function forgePayload(seal: string, change: (payload: Json) => Json): string {
  const [header, payload, signature] = seal.split('.');
  const body = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
  return [header, Buffer.from(canonicalize(change(body)), 'utf8').toString('base64url'), signature].join('.');
}

const payloadOf = (seal: string): Json =>
  JSON.parse(Buffer.from(seal.split('.')[1] ?? '', 'base64url').toString('utf8'));

async function expectNoEffect(w: World): Promise<string> {
  const [result] = await w.deliver('execute');
  expect(w.cluster.effects).toEqual([]);
  expect(result?.ok).not.toBe(true);
  return result?.ok === false ? result.refusal.code : 'nothing';
}

describe('record gates: a table writer can authorise nothing', () => {
  it('holds the gates in the order of the design', () => {
    expect(Object.keys(RECORD_GATES)).toEqual([
      'window open',
      'not canceled, revoked or done',
      'released by someone who may',
      'grant signed by a pinned key, every claim equal',
      'votes sealed, quorum recomputed',
      'digests recomputed from stored bytes',
      "deny rules of the plan's policy and of the deployed one",
      'enough time left',
    ]);
    expect(Object.keys(LIVE_GATES)).toEqual([
      'cluster identity as granted',
      'guard policies present and unchanged',
      'object fresh',
      "requester's right still holds where policy asks",
      'second dry run equals the approved one',
    ]);
  });

  it.each(['intent', 'review'] as const)(
    'refuses every single-field change of the %s, with all digests beside it made to fit',
    async (part) => {
      const sample = await world().released();
      for (const path of leaves(JSON.parse(sample[part]))) {
        const w = world();
        const plan = await w.released();
        const bytes = canonicalize(mutate(JSON.parse(plan[part]), path));
        const digest = digestOfText(`countersign.dev/${part}/v1`, bytes);
        w.store.tables.plans.set(plan.planId, { ...plan, [part]: bytes, [`${part}Digest`]: digest });
        await expectNoEffect(w);
      }
    },
  );

  it('refuses every single-field change of the shown and of the raw evidence', async () => {
    const sample = world();
    const { planId } = await sample.released();
    for (const path of leaves(JSON.parse(sample.store.tables.evidence.get(planId) ?? ''))) {
      const w = world();
      const plan = await w.released();
      const evidence = JSON.parse(w.store.tables.evidence.get(plan.planId) ?? '');
      w.store.tables.evidence.set(plan.planId, canonicalize(mutate(evidence, path)));
      await expectNoEffect(w);
    }
    for (const path of leaves(sample.store.tables.raw.get(planId) as unknown as Json)) {
      const w = world();
      const plan = await w.released();
      const raw = w.store.tables.raw.get(plan.planId) as unknown as Json;
      w.store.tables.raw.set(plan.planId, mutate(raw, path) as never);
      await expectNoEffect(w);
    }
  });

  it.each(['votes', 'grants', 'releases'] as const)(
    'refuses every single-field change under a seal in %s',
    async (table) => {
      const sample = world();
      await sample.released();
      const [record] = sample.store.tables[table].values();
      for (const path of leaves(payloadOf(record?.seal ?? ''))) {
        const w = world();
        await w.released();
        for (const [key, stored] of w.store.tables[table]) {
          w.store.tables[table].set(key, {
            ...stored,
            seal: forgePayload(stored.seal, (body) => mutate(body, path)),
          } as never);
        }
        await expectNoEffect(w);
      }
    },
  );

  it('refuses seals of another key, of another kind, with another algorithm and without one', async () => {
    const stranger = keyPair('grants-1');
    const attacks: ((w: World, planId: string) => Promise<void>)[] = [
      async (w, planId) => {
        const grant = w.store.tables.grants.get(planId);
        if (grant)
          w.store.tables.grants.set(planId, {
            ...grant,
            seal: await sealGrant(payloadOf(grant.seal) as never, stranger.signer),
          });
      },
      async (w, planId) => {
        const grant = w.store.tables.grants.get(planId);
        // The vote key signs grant claims: what a taken-over functions/web could do.
        if (grant)
          w.store.tables.grants.set(planId, {
            ...grant,
            seal: await seal('grant', payloadOf(grant.seal), SIGNERS.vote),
          });
      },
      async (w, planId) => {
        const grant = w.store.tables.grants.get(planId);
        if (grant)
          w.store.tables.grants.set(planId, {
            ...grant,
            seal: await seal('vote', payloadOf(grant.seal), SIGNERS.grant),
          });
      },
      async (w, planId) => {
        const grant = w.store.tables.grants.get(planId);
        const header = Buffer.from(
          JSON.stringify({ alg: 'none', kid: 'grants-1', typ: 'countersign-grant+jws' }),
        ).toString('base64url');
        if (grant) w.store.tables.grants.set(planId, { ...grant, seal: `${header}.${grant.seal.split('.')[1]}.` });
      },
      async (w, planId) => void w.store.tables.grants.delete(planId),
      async (w, planId) => void w.store.tables.releases.delete(planId),
      async (w) => void w.store.tables.votes.clear(),
    ];
    for (const attack of attacks) {
      const w = world();
      const { planId } = await w.released();
      await attack(w, planId);
      await expectNoEffect(w);
    }
  });

  it('refuses votes, grants, releases and evidence swapped in from another plan', async () => {
    for (const table of ['votes', 'grants', 'releases', 'evidence', 'raw'] as const) {
      const w = world();
      const one = await w.released();
      const [order] = [...w.store.tables.outbox.values()].filter((record) => record.kind === 'execute');
      const other = await w.propose();
      await w.vote(other.planId);
      await w.deliver('grant');
      await releasePlan(other.planId, AGENT, w.ports);
      const map = w.store.tables[table] as Map<string, unknown>;
      for (const [key, value] of [...map]) {
        if (key.startsWith(other.planId)) map.set(key.replace(other.planId, one.planId), value);
      }
      expect((await executePlan({ outboxId: order?.outboxId ?? '' }, w.ports)).ok).toBe(false);
      expect(w.cluster.effects).toEqual([]);
    }
  });

  it('refuses what another deployment with the same keys approved', async () => {
    const staging = world(POLICY, 'staging');
    const { planId } = await staging.released();
    const production = world(POLICY, 'production');
    for (const name of ['plans', 'evidence', 'votes', 'grants', 'releases', 'raw', 'outbox'] as const) {
      for (const [key, value] of staging.store.tables[name])
        (production.store.tables[name] as Map<string, unknown>).set(key, value);
    }
    expect(production.store.tables.plans.get(planId)?.status).toBe('approved');
    await expectNoEffect(production);
  });

  it('never writes for a plan whose status, counters or chain head were changed without the rest', async () => {
    const statuses = ['pending', 'approved', 'executing', 'unknown', 'applied', 'denied', 'revoked'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          status: fc.constantFrom(...statuses),
          version: fc.nat(20),
          fence: fc.nat(5),
          grantedVersion: fc.option(fc.nat(5)),
          lease: fc.constant(null),
        }),
        async (changes) => {
          const w = world();
          const plan = await w.propose();
          w.store.tables.plans.set(plan.planId, { ...plan, ...changes });
          await w.store.outbox.add(outboxRecord({ kind: 'execute' }, plan, w.clock.now));
          await w.deliver('execute');
          expect(w.cluster.effects).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('refuses a release by somebody who may not, even when it is validly sealed', async () => {
    const w = world();
    const plan = await w.propose();
    await w.vote(plan.planId);
    await w.deliver('grant');
    const stranger = { kind: 'person', id: OUTSIDER.id, display: 'x', owner: null } as const;
    expect(await releasePlan(plan.planId, stranger, w.ports)).toEqual({
      ok: false,
      refusal: { code: 'release.not_permitted' },
    });
    // Sealed all the same, as a taken-over functions/mcp could: the gate asks again.
    const sealed = await sealRelease(
      {
        format: 'countersign.release/v1',
        iss: 'test',
        planId: plan.planId,
        intentDigest: plan.intentDigest,
        reviewDigest: plan.reviewDigest,
        grantHash: sealHash(w.store.tables.grants.get(plan.planId)?.seal ?? ''),
        principal: stranger,
        releasedAt: w.clock.now.toISOString(),
      },
      SIGNERS.release,
    );
    w.store.tables.releases.set(plan.planId, {
      format: 'countersign.release-record/v1',
      planId: plan.planId,
      seal: sealed,
    });
    await w.store.outbox.add(outboxRecord({ kind: 'execute' }, plan, w.clock.now));
    expect(await expectNoEffect(w)).toBe('release.not_permitted');
  });

  it('recomputes the quorum under the stricter of the two policies, and blocks under an unknown or denying one', async () => {
    const stricter = { ...POLICY, version: 2, approvals: POLICY.approvals.map((rule) => ({ ...rule, quorum: 2 })) };
    const w = world();
    await w.released();
    const both = { ...w, ports: { ...w.ports, policies: policySet(stricter, [POLICY]) } };
    const [order] = [...w.store.tables.outbox.values()].filter((record) => record.kind === 'execute');
    const outboxId = order?.outboxId ?? '';
    expect(await executePlan({ outboxId }, both.ports)).toMatchObject({
      ok: false,
      refusal: { code: 'votes.quorum_missing' },
    });

    const unknown = world();
    const plan = await unknown.released();
    const [second] = [...unknown.store.tables.outbox.values()].filter((record) => record.kind === 'execute');
    const ports = { ...unknown.ports, policies: policySet(stricter) };
    expect(await executePlan({ outboxId: second?.outboxId ?? '' }, ports)).toMatchObject({
      ok: false,
      refusal: { code: 'policy.unknown' },
    });
    expect(unknown.store.tables.plans.get(plan.planId)?.status).toBe('blocked');
    expect([...w.cluster.effects, ...unknown.cluster.effects]).toEqual([]);
  });

  it('refuses a tier that asks for a passkey, at the vote and at the grant', async () => {
    const passkeys = world({ ...POLICY, approvals: POLICY.approvals.map((rule) => ({ ...rule, passkey: true })) });
    const { planId } = await passkeys.propose();
    expect(await passkeys.vote(planId)).toEqual({ ok: false, refusal: { code: 'vote.passkey_required' } });
  });

  it('refuses a plan with too little time left', async () => {
    const w = world();
    const plan = await w.released();
    w.clock.now = new Date(Date.parse(plan.notAfter) - 10_000);
    expect(await expectNoEffect(w)).toBe('deadline.too_close');
  });
});

describe('live gates', () => {
  it.each([
    [
      'another cluster behind the name',
      'cluster.identity_changed',
      'blocked',
      (w: World): void => {
        w.cluster.clusterIdentity = { ...w.cluster.clusterIdentity, uid: 'other' };
      },
    ],
    [
      'another CA behind the name',
      'cluster.identity_changed',
      'blocked',
      (w: World): void => {
        w.cluster.clusterIdentity = {
          ...w.cluster.clusterIdentity,
          ca: digestOfText('countersign.dev/guard/v1', 'x'),
        };
      },
    ],
    [
      'a missing guard policy',
      'guard.missing',
      'blocked',
      (w: World): void => {
        w.cluster.guardState = { ...w.cluster.guardState, missing: ['p'] };
      },
    ],
    [
      'a guard policy that is not the shipped one, although the plan was made under it',
      'guard.changed',
      'blocked',
      (w: World): void => {
        w.cluster.guardState = { ...w.cluster.guardState, changed: ['p'] };
      },
    ],
    [
      'a changed guard policy',
      'guard.changed',
      'blocked',
      (w: World): void => {
        w.cluster.guardState = { missing: [], changed: [], hash: digestOfText('countersign.dev/guard/v1', 'y') };
      },
    ],
    [
      'an object that changed since',
      'target.drifted',
      'stale',
      (w: World) => touch(w, (object) => ({ ...object, annotations: { by: 'somebody' } })),
    ],
    [
      'an object that was replaced',
      'target.drifted',
      'stale',
      (w: World) => touch(w, (object) => ({ ...object, uid: 'uid-other' })),
    ],
    ['an object that is gone', 'target.not_found', 'stale', (w: World): void => w.cluster.objects.clear()],
    [
      'a write that the server refuses',
      'write.refused',
      'failed',
      (w: World): void => {
        w.cluster.nextWrite = 'refuse';
      },
    ],
  ] as const)('ends the plan before any effect for %s', async (_what, code, status, spoil) => {
    const w = world();
    const plan = await w.released();
    spoil(w);
    expect(await expectNoEffect(w)).toBe(code);
    expect(w.store.tables.plans.get(plan.planId)).toMatchObject({ status, reason: { code } });
    expect(w.store.tables.locks.size).toBe(0);
  });

  it('asks again whether the requester is bound, where the policy asks', async () => {
    const bindings = [
      { subject: { kind: 'principal' as const, id: AGENT.id }, namespaces: ['shop'], operations: ['scale' as const] },
    ];
    const asking = { ...POLICY, requesterRight: 'binding' as const, bindings };
    const w = world(asking);
    await w.released();
    const later = { ...asking, version: 2, bindings: [] };
    const [order] = [...w.store.tables.outbox.values()].filter((record) => record.kind === 'execute');
    const ports = { ...w.ports, policies: policySet(later, [asking]) };
    expect(await executePlan({ outboxId: order?.outboxId ?? '' }, ports)).toMatchObject({
      refusal: { code: 'requester.right_lost' },
    });
    expect(w.cluster.effects).toEqual([]);
  });

  it('applies, and says so loudly, when the answer to the write is not what the dry run promised', async () => {
    const w = world();
    const plan = await w.released();
    const write = w.cluster.write;
    w.cluster.write = async (...args) => {
      const result = await write(...args);
      return result.outcome === 'written' ? { ...result, object: { spec: { replicas: 99 }, metadata: {} } } : result;
    };
    await w.deliver('execute');
    expect(w.store.tables.plans.get(plan.planId)?.status).toBe('applied');
    expect([...w.store.tables.steps.values()]).toMatchObject([{ state: 'written', asApproved: false }]);
  });

  it('lets one of two plans for the same object run at a time', async () => {
    const w = world();
    await w.released();
    w.store.tables.locks.set('cluster-1/Deployment.apps/shop/web', { planId: 'pln_other', fence: 1 });
    expect(await expectNoEffect(w)).toBe('claim.target_locked');
    expect([...w.store.tables.outbox.values()].some((record) => record.kind === 'execute')).toBe(true);
  });
});

function touch(
  w: World,
  change: (
    object: NonNullable<ReturnType<World['cluster']['objects']['get']>>,
  ) => NonNullable<ReturnType<World['cluster']['objects']['get']>>,
): void {
  for (const [key, object] of w.cluster.objects)
    w.cluster.objects.set(key, change({ ...object, resourceVersion: object.resourceVersion + 1 }));
}

describe('voters of the wrong kind', () => {
  it('does not count a sealed vote of somebody who may not decide', async () => {
    const w = world();
    const plan = await w.propose();
    for (const [person, groups] of [
      [OUTSIDER, []],
      [personNamed('owner', ['operators']), ['operators']],
      [OPERATOR, ['operatorsx']],
    ] as const) {
      const statement = {
        format: 'countersign.vote/v1' as const,
        iss: 'test',
        planId: plan.planId,
        reviewDigest: plan.reviewDigest,
        decision: 'approve' as const,
        person: person.id,
        display: 'x',
        groups: [...groups],
        signedInAt: w.clock.now.toISOString(),
        comment: '',
        nonce: 'n'.repeat(22),
        decidedAt: w.clock.now.toISOString(),
        passkey: null,
      };
      w.store.tables.votes.clear();
      w.store.tables.votes.set(`${plan.planId}/${person.id}`, {
        format: 'countersign.vote-record/v1',
        planId: plan.planId,
        personId: person.id,
        seal: await sealVote(statement, SIGNERS.vote),
        idempotencyKey: 'k',
        requestHash: 'h',
      });
      await w.store.outbox.add(outboxRecord({ kind: 'grant' }, plan, w.clock.now));
      expect(await w.deliver('grant')).toMatchObject([{ ok: false, refusal: { code: 'votes.invalid' } }]);
      expect(w.store.tables.grants.size).toBe(0);
    }
  });
});

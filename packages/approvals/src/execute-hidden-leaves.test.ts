import { describe, expect, it } from 'vitest';
import type { Json } from './canonical.ts';
import { commit } from './digest.ts';
import { holdsRedactedLeaf, type OperationLeaves, redactedLeaf, reveal } from './evidence.ts';
import { checkedRawEvidence } from './gates.ts';
import { type Intent, intentBytes, intentDigest } from './intent.ts';
import { type OpenedPlan, openPlan } from './open-plan.ts';
import { reviewBytes, reviewDigest } from './review.ts';
import { POLICY, world } from './testing/world.ts';

const SECRET = 's3cr3t';
const SALT = 'c2FsdA';
const PATH = '/spec/env';
const leaves: OperationLeaves = { [PATH]: { salt: SALT, value: SECRET } };
const standIn = redactedLeaf(commit(SALT, SECRET));
const shownManifest = { spec: { env: standIn, replicas: 1 } };

describe('a hidden leaf of a manifest', () => {
  it('is put back where its commitment stands', () => {
    expect(reveal(shownManifest, leaves)).toEqual({ spec: { env: SECRET, replicas: 1 } });
  });

  it.each<[string, Json, OperationLeaves]>([
    ['another value', shownManifest, { [PATH]: { salt: SALT, value: 'other' } }],
    ['another salt', shownManifest, { [PATH]: { salt: 'other', value: SECRET } }],
    ['no value', shownManifest, {}],
    [
      'a value for a place that was never hidden',
      shownManifest,
      { ...leaves, '/spec/replicas': { salt: SALT, value: 9 } },
    ],
    [
      'a value for a place that is not there',
      shownManifest,
      { ...leaves, '/spec/command': { salt: SALT, value: 'sh' } },
    ],
    [
      'a value that brings a commitment of its own',
      { a: redactedLeaf(commit(SALT, standIn)) },
      { '/a': { salt: SALT, value: standIn } },
    ],
    [
      'a commitment beside other members',
      { a: { ...(standIn as object), more: 1 } },
      { '/a': { salt: SALT, value: SECRET } },
    ],
  ])('is not put back from %s', (_what, manifest, given) => {
    expect(reveal(manifest, given)).toBeUndefined();
  });

  it('is found however deep it lies', () => {
    expect(holdsRedactedLeaf({ a: [{ b: [standIn] }] })).toBe(true);
    expect(holdsRedactedLeaf({ a: [{ b: ['countersign.dev/redacted', 1, null] }] })).toBe(false);
  });
});

/** A plan that creates `web` from a manifest with a hidden leaf, opened, with its raw evidence. */
async function plan() {
  const w = world(POLICY, 'test', ['create']);
  const { planId } = await w.propose();
  const records = await w.store.plans.read(planId);
  const raw = await w.store.rawEvidence.get(planId);
  const opened = records && openPlan(records);
  if (raw === null || opened === null || !opened.ok) throw new Error('no plan');
  const { intent, review } = opened.value;
  const [step] = intent.steps;
  if (step === undefined) throw new Error('no step');
  const hiding: Intent = { ...intent, steps: [{ ...step, operation: { type: 'apply', manifest: shownManifest } }] };
  const bound = { ...review, intentDigest: intentDigest(hiding) };
  const changed = {
    plan: {
      ...opened.value.plan,
      intent: intentBytes(hiding),
      intentDigest: intentDigest(hiding),
      review: reviewBytes(bound),
      reviewDigest: reviewDigest(bound),
    },
    evidence: records?.evidence ?? '',
  };
  const again = openPlan(changed);
  if (!again.ok) throw new Error(again.refusal.code);
  const [rawStep] = raw.steps;
  if (rawStep === undefined) throw new Error('no step');
  return { opened: again.value as OpenedPlan, plain: opened.value, raw, rawStep };
}

describe('raw evidence with a value for a hidden leaf of a manifest', () => {
  it('is trusted where the value is the one that was committed to in the approved intent', async () => {
    const { opened, raw, rawStep } = await plan();
    const given = { ...raw, steps: [{ ...rawStep, operationLeaves: leaves }] };
    expect(checkedRawEvidence(opened, given)?.[0]?.operationLeaves).toEqual(leaves);
  });

  it('is not trusted where somebody swapped the value, left it out, or slipped one into a plan that hides nothing', async () => {
    const { opened, plain, raw, rawStep } = await plan();
    const swapped = { [PATH]: { salt: SALT, value: 'rm -rf /' } };
    expect(checkedRawEvidence(opened, { ...raw, steps: [{ ...rawStep, operationLeaves: swapped }] })).toBeUndefined();
    expect(checkedRawEvidence(opened, { ...raw, steps: [rawStep] })).toBeUndefined();
    expect(checkedRawEvidence(plain, { ...raw, steps: [{ ...rawStep, operationLeaves: leaves }] })).toBeUndefined();
    expect(checkedRawEvidence(plain, raw)).toBeDefined();
  });
});

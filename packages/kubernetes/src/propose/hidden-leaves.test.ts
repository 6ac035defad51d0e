import { commit, type Json, show, tokensOf } from '@countersign/approvals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '../objects/json-at.ts';
import { type SomeDeployment, someDeployment, someDryRun } from '../testing/objects.ts';
import { hiddenChanges, showStep } from './hidden-leaves.ts';

const VALUE = '/spec/template/spec/containers/0/env/0/value';
const env = (value: Json) => (d: SomeDeployment) => {
  Object.assign(d.spec.template.spec.containers[0] ?? {}, { env: [{ name: 'DB_PASSWORD', value }] });
};
let made = 0;
const random = { token: () => Buffer.from(`salt-number-${made++}`.padEnd(16, '.')).toString('base64url') };

describe('hiddenChanges', () => {
  it('is empty where every hidden leaf stays', () => {
    expect(
      hiddenChanges(
        someDeployment(),
        someDryRun(() => {}),
      ),
    ).toEqual([]);
  });

  it.each([
    ['alters', someDeployment(), someDryRun(env('other'))],
    [
      'adds',
      someDeployment((d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { env: [] });
      }),
      someDryRun(() => {}),
    ],
    [
      'removes',
      someDeployment(),
      someDryRun((d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { env: [] });
      }),
    ],
    [
      'shows in the open',
      someDeployment(),
      someDryRun((d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { env: [{ name: 'X', valueFrom: {} }] });
      }),
    ],
  ])('names a leaf that the change %s', (_what, live, dryRun) => {
    expect(hiddenChanges(live, dryRun)).toEqual([VALUE]);
  });

  it('lets a message in the status differ: a status is no part of any change', () => {
    const status = (text: string) => (d: SomeDeployment) => {
      d.status.message = `Bearer ${text}`;
    };
    expect(hiddenChanges(someDeployment(status('aaaaaaaaaaaaaaaa')), someDryRun(status('bbbbbbbbbbbbbbbb')))).toEqual(
      [],
    );
  });
});

describe('showStep', () => {
  it('puts the same commitment in the place of a leaf in both documents, and the value in neither', () => {
    const shown = showStep(
      1,
      someDeployment(),
      someDryRun(() => {}),
      random,
    );
    expect(JSON.stringify([shown.live, shown.dryRun])).not.toContain('canary-1');
    expect(valueAt(shown.live, ...tokensOf(VALUE))).toEqual(valueAt(shown.dryRun, ...tokensOf(VALUE)));
    const [redaction] = shown.redactions;
    expect(redaction).toMatchObject({ step: 1, path: VALUE, reason: 'environment-value' });
    expect(redaction?.commitment).toBe(commit(shown.leafSalts[VALUE] ?? '', 'canary-1'));
  });

  it('salts each leaf by itself: equal values do not look equal', () => {
    const two = someDeployment((d) => {
      Object.assign(d.spec.template.spec.containers[0] ?? {}, {
        env: [
          { name: 'A', value: 'same' },
          { name: 'B', value: 'same' },
        ],
      });
    });
    const [a, b] = showStep(1, two, two, random).redactions;
    expect(a?.commitment).not.toBe(b?.commitment);
  });

  it('names in its redactions exactly the leaves that it salts', () => {
    const shown = showStep(
      1,
      someDeployment(),
      someDryRun(() => {}),
      random,
    );
    expect(shown.redactions.map(({ path }) => path)).toEqual(Object.keys(shown.leafSalts).sort());
  });
});

type Variable = { readonly name: string; readonly value?: string; readonly valueFrom?: Json };
const withEnv =
  (env: readonly Variable[], more: { readonly [key: string]: Json } = {}) =>
  (d: SomeDeployment): void => {
    Object.assign(d.spec.template.spec.containers[0] ?? {}, { env, ...more });
  };
const REFERENCE: Variable = { name: 'REGION', valueFrom: { configMapKeyRef: { name: 'shop', key: 'region' } } };
const A: Variable = { name: 'A_TOKEN', value: 'value-of-a-1' };
const B: Variable = { name: 'B_TOKEN', value: 'value-of-b-2' };
const ARGS = '/spec/template/spec/containers/0/args';
const ENV = '/spec/template/spec/containers/0/env';

describe('hiddenChanges, where lists move', () => {
  const live = someDeployment(withEnv([A, B], { args: ['--db-password=pass-9', '--token', 'tok-9'] }));
  const after = (
    env: readonly Variable[],
    more: { readonly [key: string]: Json } = { args: ['--db-password=pass-9', '--token', 'tok-9'] },
    change: (d: SomeDeployment) => void = () => {},
  ): Json =>
    someDryRun((d) => {
      withEnv(env, more)(d);
      change(d);
    });

  it.each<[string, Json]>([
    ['a reference inserted in front', after([REFERENCE, A, B])],
    ['a reference between and one behind', after([A, REFERENCE, B, { ...REFERENCE, name: 'ZONE' }])],
    ['another order', after([B, A])],
    [
      'a container inserted in front',
      after([A, B], undefined, (d) => void d.spec.template.spec.containers.unshift({ name: 'first', image: 'x:1' })),
    ],
    ['a flag inserted in front', after([A, B], { args: ['--verbose', '--db-password=pass-9', '--token', 'tok-9'] })],
    [
      'a visible field set to a common word that a variable holds',
      after([A, B], undefined, (d) => {
        d.metadata.annotations.note = 'info';
      }),
    ],
  ])('is empty for %s', (_what, dryRun) => {
    expect(hiddenChanges(live, dryRun)).toEqual([]);
  });

  it.each<[string, Json, readonly string[]]>([
    [
      'two values swapped',
      after([
        { ...A, value: 'value-of-b-2' },
        { ...B, value: 'value-of-a-1' },
      ]),
      [`${ENV}/0/value`, `${ENV}/1/value`],
    ],
    ['a variable renamed', after([{ ...A, name: 'OTHER_TOKEN' }, B]), [`${ENV}/0/value`]],
    ['a value under another name, behind', after([B, { ...A, name: 'C_TOKEN' }]), [`${ENV}/0/value`, `${ENV}/1/value`]],
    ['a literal inserted in front', after([{ name: 'NEW', value: 'x' }, A, B]), [`${ENV}/0/value`]],
    ['one removed', after([B]), [`${ENV}/0/value`]],
    ['one doubled under its name', after([A, A, B]), [`${ENV}/1/value`, `${ENV}/2/value`]],
    ['a literal that becomes a reference', after([{ ...REFERENCE, name: 'A_TOKEN' }, B]), [`${ENV}/0/value`]],
    [
      'one moved to another container',
      after([B], undefined, (d) => {
        Object.assign(d.spec.template.spec.containers[1] ?? {}, { env: [A] });
      }),
      [`${ENV}/0/value`, '/spec/template/spec/containers/1/env/0/value'],
    ],
    [
      'its container renamed',
      after([A, B], { name: 'other', args: ['--db-password=pass-9', '--token', 'tok-9'] }),
      [`${ARGS}/0`, `${ARGS}/2`, `${ENV}/0/value`, `${ENV}/1/value`],
    ],
    [
      'a value copied into an annotation',
      after([A, B], undefined, (d) => {
        d.metadata.annotations.note = 'value-of-a-1';
      }),
      ['/metadata/annotations/note'],
    ],
    [
      'a value copied into the middle of a text',
      after([A, B], undefined, (d) => {
        d.spec.template.metadata.annotations.note = 'see value-of-b-2 there';
      }),
      ['/spec/template/metadata/annotations/note'],
    ],
    [
      'a value copied into an image',
      after([A, B], { image: 'x:value-of-a-1', args: ['--db-password=pass-9', '--token', 'tok-9'] }),
      ['/spec/template/spec/containers/0/image'],
    ],
    [
      'the flag in front of a value renamed into a harmless one',
      after([A, B], { args: ['--db-password=pass-9', '--mode', 'tok-9'] }),
      [`${ARGS}/2`],
    ],
    ['the value of a flag', after([A, B], { args: ['--db-password=pass-8', '--token', 'tok-9'] }), [`${ARGS}/0`]],
  ])('names %s', (_what, dryRun, paths) => {
    const found = hiddenChanges(live, dryRun);
    expect(found).toEqual(expect.arrayContaining([...paths]));
    expect(JSON.stringify(found)).not.toMatch(/value-of|pass-|tok-/);
  });

  it('sees any single hidden value that differs, wherever its variable has moved to', () => {
    const variables = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[A-Z]{1,6}$/), value: fc.string() }), {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(variables, fc.nat(), fc.string(), fc.nat(), (env, at, other, turn) => {
        const index = at % env.length;
        fc.pre(env[index]?.value !== other);
        const turned = env.map((_, position) => env[(position + turn) % env.length] as Variable);
        const before = someDeployment(withEnv(env));
        expect(hiddenChanges(before, someDryRun(withEnv(turned)))).toEqual([]);
        const changed = turned.map((one) => (one.name === env[index]?.name ? { ...one, value: other } : one));
        expect(hiddenChanges(before, someDryRun(withEnv(changed)))).toEqual([`${ENV}/${index}/value`]);
      }),
    );
  });
});

describe('showStep, where lists move', () => {
  const live = someDeployment(withEnv([A, B]));
  const dryRun = someDryRun(withEnv([REFERENCE, B, A]));
  const shown = showStep(1, live, dryRun, random);
  const standsAt = (object: Json, at: number): Json | undefined => valueAt(object, ...tokensOf(`${ENV}/${at}/value`));

  it('gives a leaf one commitment in both documents, and no two leaves the same', () => {
    expect(standsAt(shown.live, 0)).toEqual(standsAt(shown.dryRun, 2));
    expect(standsAt(shown.live, 1)).toEqual(standsAt(shown.dryRun, 1));
    expect(standsAt(shown.live, 0)).not.toEqual(standsAt(shown.live, 1));
    expect(JSON.stringify([shown.live, shown.dryRun, shown.redactions])).not.toContain('value-of');
    expect(standsAt(shown.dryRun, 0)).toBeUndefined();
  });

  it('names where it stands in each, and shown again from raw and salts it is the same', () => {
    expect(shown.redactions).toMatchObject([
      { path: `${ENV}/0/value`, after: `${ENV}/2/value` },
      { path: `${ENV}/1/value` },
    ]);
    expect(shown.redactions[1]).not.toHaveProperty('after');
    expect(show(live, shown.leafSalts)).toEqual(shown.live);
    expect(show(dryRun, shown.dryRunLeafSalts ?? {})).toEqual(shown.dryRun);
  });

  it('of any variables in any order: no value in either, and raw and salts agree with it', () => {
    const variables = fc.uniqueArray(
      fc.record({ name: fc.stringMatching(/^[A-Z]{1,6}$/), value: fc.stringMatching(/^[a-z0-9]{12,20}$/) }),
      { selector: ({ name }) => name, maxLength: 6 },
    );
    fc.assert(
      fc.property(variables, fc.nat(), fc.boolean(), (env, turn, insert) => {
        const turned = env.map((_, position) => env[(position + turn) % env.length] as Variable);
        const [before, after] = [
          someDeployment(withEnv(env)),
          someDryRun(withEnv(insert ? [REFERENCE, ...turned] : turned)),
        ];
        const step = showStep(1, before, after, random);
        const all = JSON.stringify([step.live, step.dryRun, step.redactions]);
        for (const { value } of env) expect(all).not.toContain(value);
        expect(show(before, step.leafSalts)).toEqual(step.live);
        expect(show(after, step.dryRunLeafSalts ?? step.leafSalts)).toEqual(step.dryRun);
        expect(step.redactions.map(({ path }) => path).sort()).toEqual(Object.keys(step.leafSalts).sort());
        expect(step.redactions.map(({ path, after: there }) => there ?? path).sort()).toEqual(
          Object.keys(step.dryRunLeafSalts ?? step.leafSalts).sort(),
        );
      }),
    );
  });
});

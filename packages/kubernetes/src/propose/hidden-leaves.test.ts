import { commit, type Json, tokensOf } from '@countersign/approvals';
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

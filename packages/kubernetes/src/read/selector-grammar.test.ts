import { describe, expect, it } from 'vitest';
import { fieldSelectorIssue, labelSelectorIssue } from './selector-grammar.ts';

describe('a label selector', () => {
  it.each([
    'app=web',
    'app==web,tier!=cache',
    'app.kubernetes.io/name=web',
    'tier in (a, b),!canary',
    'env notin (dev)',
    'app=',
    'canary',
    'weight>3',
    'weight < 3',
    'x in ()',
  ])('such as %s is one', (text) => expect(labelSelectorIssue(text)).toBeUndefined());

  it.each([
    '',
    'a=b;c',
    'a in (b',
    'a=b=c',
    '--all',
    '-l app=web',
    'a=$(id)',
    'a=b&limit=1',
    'a=b\nc=d',
    'a=b c',
    'a/b/c=d',
    'UPPER.example/x/=y',
    `a=${'b'.repeat(64)}`,
    'a in (b,(c))',
    'a>b',
    '(((',
    ',',
    'a,',
    'x'.repeat(2_000_000),
    Array.from({ length: 21 }, () => 'a=b').join(','),
  ])('such as %.30j is none', (text) => expect(labelSelectorIssue(text)).toBeTypeOf('string'));
});

describe('a field selector', () => {
  it.each([
    'status.phase=Running',
    'metadata.name!=x,spec.nodeName==node-1',
    'involvedObject.fieldPath=spec.containers{web}',
  ])('such as %s is one', (text) => expect(fieldSelectorIssue(text)).toBeUndefined());
  it.each(['', 'x', 'status.phase', 'a=b&c', 'a b=c', '--all=x', 'a..b=c', 'a=b\n', 'a=(b)', 'x'.repeat(2_000_000)])(
    'such as %.30j is none',
    (text) => expect(fieldSelectorIssue(text)).toBeTypeOf('string'),
  );
  it.each([
    'metadata.namespace=kube-system',
    'involvedObject.namespace!=shop',
    'status.phase=Running,regarding.namespace=x',
  ])('does not reach for another namespace: %s', (text) => expect(fieldSelectorIssue(text)).toContain('namespace'));
});

it('takes time that grows with the text, not with its ways to be read', () => {
  const before = performance.now();
  for (const text of ['a in (', 'a'.repeat(499), `${' '.repeat(400)}a`, `a in (${'b,'.repeat(200)}`]) {
    labelSelectorIssue(text);
    fieldSelectorIssue(text);
  }
  expect(performance.now() - before).toBeLessThan(1_000);
});

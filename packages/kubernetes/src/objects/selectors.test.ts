import { describe, expect, it } from 'vitest';
import { labelsOf, selectorMatches } from './selectors.ts';

const labels = { app: 'web', tier: 'front' };
const expression = (key: string, operator: string, values?: readonly string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

describe('selectorMatches', () => {
  it.each([
    [{}],
    [{ matchLabels: { app: 'web' } }],
    [expression('app', 'In', ['api', 'web'])],
    [expression('app', 'NotIn', ['api'])],
    [expression('zone', 'NotIn', ['a'])],
    [expression('tier', 'Exists')],
    [expression('zone', 'DoesNotExist')],
  ])('%j selects', (selector) => {
    expect(selectorMatches(selector, labels)).toBe(true);
  });

  it.each([
    [{ matchLabels: { app: 'api' } }],
    [{ matchLabels: { app: 'web', zone: 'a' } }],
    [{ matchLabels: { app: 'web' }, ...expression('tier', 'In', ['back']) }],
    [expression('zone', 'In', ['a'])],
    [expression('zone', 'Exists')],
    [expression('app', 'DoesNotExist')],
    [expression('app', 'Gt', ['1'])],
    [{ matchLabels: { constructor: 'x' } }],
  ])('%j does not', (selector) => {
    expect(selectorMatches(selector, labels)).toBe(false);
  });
});

describe('labelsOf', () => {
  it('takes texts alone', () => {
    expect(labelsOf({ a: 'b', c: 1, d: null })).toEqual({ a: 'b' });
    expect(labelsOf(null)).toEqual({});
    expect(labelsOf(undefined)).toEqual({});
  });
});

import { expect, it } from 'vitest';
import { quantity, resourcesOf } from './quantity.ts';

it.each([
  ['1', 1],
  ['100m', 0.1],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['128Mi', 134_217_728],
  ['1G', 1e9],
  ['1e3', 1_000],
  ['2E', 2e18],
  ['12E2', 1_200],
  ['0', 0],
])('reads %s as the API does', (text, value) => expect(quantity(text)).toBe(value));

it.each(['', 'x', '1 Gi', '1Gib', '--1', '1e', 'Infinity', 'NaN', '0x10', `${'9'.repeat(400)}`])(
  'reads %.20j as none',
  (text) => expect(quantity(text)).toBeUndefined(),
);

it('adds to millicores and mebibytes', () => {
  expect(resourcesOf({ cpu: '250m', memory: '1Gi' })).toEqual({ cpuMillicores: 250, memoryMebibytes: 1_024 });
  expect(resourcesOf(undefined)).toEqual({ cpuMillicores: 0, memoryMebibytes: 0 });
});

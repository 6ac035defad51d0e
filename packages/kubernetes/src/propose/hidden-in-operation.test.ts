import type { Json, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { someDeployment } from '../testing/objects.ts';
import { hiddenInOperation, hiddenInReach } from './hidden-in-operation.ts';

const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';
const patch = (patchType: 'json' | 'merge' | 'strategic', of: Json): Operation => ({
  type: 'patch',
  patchType,
  patch: of,
});
const add = (path: string, value: Json): Operation => patch('json', [{ op: 'add', path, value }]);

describe('hiddenInOperation', () => {
  it.each<[string, Operation]>([
    ['an environment value', add('/spec/template/spec/containers/0/env/-', { name: 'A', value: 'canary' })],
    ['the value of an environment value', add('/spec/template/spec/containers/0/env/0/value', 'canary')],
    ['a whole list of them', add('/spec/template/spec/containers/0/env', [{ name: 'A', value: 'canary' }])],
    [
      'a container with one',
      add('/spec/template/spec/containers/1', { name: 'b', env: [{ name: 'A', value: 'canary' }] }),
    ],
    [
      'one of a CronJob',
      add('/spec/jobTemplate/spec/template/spec/containers/0/env/-', { name: 'A', value: 'canary' }),
    ],
    ['a token in an annotation', { type: 'annotate', annotations: { note: TOKEN } }],
    ['a token in a label patch', patch('merge', { metadata: { annotations: { note: TOKEN } } })],
    [
      'an environment value in a merge patch',
      patch('strategic', {
        spec: { template: { spec: { containers: [{ name: 'a', env: [{ name: 'A', value: 'canary' }] }] } } },
      }),
    ],
  ])('finds %s, and names it by its place', (_what, operation) => {
    const paths = hiddenInOperation(operation);
    expect(paths.length).toBeGreaterThan(0);
    expect(JSON.stringify(paths)).not.toMatch(/canary|ghp_/);
  });

  it.each<[string, Operation]>([
    [
      'a reference to a Secret',
      add('/spec/template/spec/containers/0/env/-', {
        name: 'A',
        valueFrom: { secretKeyRef: { name: 's', key: 'k' } },
      }),
    ],
    ['replicas', patch('merge', { spec: { replicas: 2 } })],
    ['an image', patch('strategic', { spec: { template: { spec: { containers: [{ name: 'a', image: 'a:1' }] } } } })],
  ])('finds nothing in %s', (_what, operation) => {
    expect(hiddenInOperation(operation)).toEqual([]);
  });
});

describe('hiddenInReach', () => {
  const VALUE = '/spec/template/spec/containers/0/env/0/value';
  const reach = (operation: object) => hiddenInReach([operation] as Json, someDeployment());
  it.each([
    { op: 'test', path: VALUE, value: 'guess' },
    { op: 'test', path: '/spec/template/spec/containers/0/env/0', value: {} },
    { op: 'test', path: '/spec', value: {} },
    { op: 'copy', from: VALUE, path: '/metadata/annotations/a' },
    { op: 'move', from: '/spec/template/spec/containers', path: '/spec/x' },
    { op: 'remove', path: '/spec/template/spec/containers/0' },
    { op: 'replace', path: '/spec/template/spec', value: {} },
  ])('finds what %j would read, spread or take away', (operation) => {
    expect(reach(operation)).toEqual([VALUE]);
  });

  it.each([
    { op: 'replace', path: '/spec/replicas', value: 3 },
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'a:1' },
    { op: 'remove', path: '/spec/template/spec/containers/1/resources' },
  ])('lets %j pass', (operation) => {
    expect(reach(operation)).toEqual([]);
  });
});

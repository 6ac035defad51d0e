import type { Json, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { type SomeDeployment, someDeployment, someDryRun, stepOf } from '../testing/objects.ts';
import { semanticDiff } from './semantic-diff.ts';

/** What is not our mark's and the server's bookkeeping, as `meaning path`. */
const meanings = (operation: Operation, by: (deployment: SomeDeployment) => void): readonly string[] =>
  semanticDiff(someDeployment(), someDryRun(by), stepOf(operation))
    .filter(({ meaning }) => meaning === 'requested' || meaning === 'unclassified')
    .map(({ meaning, path }) => `${meaning} ${path}`);

const image: (d: SomeDeployment) => void = (d) => {
  Object.assign(d.spec.template.spec.containers[1] ?? {}, { image: 'envoy:2' });
};
const injected: (d: SomeDeployment) => void = (d) => {
  image(d);
  d.spec.paused = true;
};
const PROXY = '/spec/template/spec/containers/1/image';
const containers: Json = [{ name: 'proxy', image: 'envoy:2' }];

describe('what a plan calls requested', () => {
  it.each<[string, Operation]>([
    [
      'a strategic patch',
      { type: 'patch', patchType: 'strategic', patch: { spec: { template: { spec: { containers } } } } },
    ],
    ['a JSON patch', { type: 'patch', patchType: 'json', patch: [{ op: 'replace', path: PROXY, value: 'envoy:2' }] }],
    ['an apply', { type: 'apply', manifest: { spec: { template: { spec: { containers } } } } }],
  ])('is by %s what it names with the value that it names, and nothing that a webhook adds', (_what, operation) => {
    expect(meanings(operation, image)).toEqual([`requested ${PROXY}`]);
    expect(meanings(operation, injected)).toEqual([`requested ${PROXY}`, 'unclassified /spec/paused']);
    expect(
      meanings(operation, (d) => {
        Object.assign(d.spec.template.spec.containers[1] ?? {}, { image: 'mirror/envoy:2' });
      }),
    ).toEqual([`unclassified ${PROXY}`]);
    // The same value at another place.
    expect(
      meanings(operation, (d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'envoy:2' });
      }),
    ).toEqual(['unclassified /spec/template/spec/containers/0/image']);
  });

  it('is by a merge patch what it makes, taking away included', () => {
    const operation: Operation = {
      type: 'patch',
      patchType: 'merge',
      patch: { metadata: { labels: { app: null, tier: 'a' } }, spec: { strategy: null } },
    };
    expect(
      meanings(operation, (d) => {
        d.metadata.labels = { tier: 'a' };
        Reflect.deleteProperty(d.spec, 'strategy');
      }),
    ).toEqual(['requested /metadata/labels/app', 'requested /metadata/labels/tier', 'requested /spec/strategy/type']);
    // A default that the server puts in its place was not asked for.
    expect(
      meanings(operation, (d) => {
        d.metadata.labels = { tier: 'a' };
        d.spec.strategy = { type: 'Recreate' };
      }),
    ).toContain('unclassified /spec/strategy/type');
  });

  it('is by a rollback the template, and nothing beside it', () => {
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [] } };
    const operation: Operation = { type: 'rollback', revision: 1, template };
    expect(
      meanings(operation, (d) => {
        d.spec.template = { metadata: { labels: { app: 'web' }, annotations: {} }, spec: { containers: [] } };
        d.spec.paused = true;
      }).filter((one) => one.startsWith('unclassified')),
    ).toEqual(['unclassified /spec/paused']);
  });

  it('of a label is the entry that was asked for, not its neighbour', () => {
    expect(
      meanings({ type: 'label', labels: { tier: 'a' } }, (d) => {
        d.metadata.labels = { app: 'web', tier: 'a', mesh: 'on' };
      }),
    ).toEqual(['requested /metadata/labels/tier', 'unclassified /metadata/labels/mesh']);
  });
});

describe('what a plan makes or takes away', () => {
  it('is listed down to each value, what nobody asked for beside what was asked for', () => {
    const operation: Operation = { type: 'apply', manifest: { spec: { template: { spec: { containers } } } } };
    const changes = semanticDiff(null, someDeployment(), stepOf(operation, null));
    const at = (path: string) => changes.find((change) => change.path === path);
    expect(changes.every(({ kind, from }) => kind === 'added' && from === null)).toBe(true);
    expect(at('/spec/template/spec/containers/1/name')).toMatchObject({ meaning: 'requested' });
    expect(at('/spec/template/spec/containers/0/name')).toMatchObject({
      meaning: 'unclassified',
      label: 'containers[web].name',
    });
    expect(at('/spec/replicas')).toMatchObject({ meaning: 'unclassified', to: '2' });
    expect(changes.some(({ path }) => path.startsWith('/metadata/managedFields/'))).toBe(false);
  });

  it('is one change where it is deleted', () => {
    const remove: Operation = { type: 'delete', propagation: 'Orphan', gracePeriodSeconds: null };
    expect(semanticDiff(someDeployment(), null, stepOf(remove))).toEqual([
      { label: 'the object', path: '', kind: 'removed', from: 'Deployment shop/web', to: null, meaning: 'requested' },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { isRecord, type JsonRecord, recordAt } from '../json/record.ts';
import { anything } from '../schema/schema.ts';
import { schemaOf } from '../schema/type-table.ts';
import { type Applied, apply } from './after-apply.ts';
import { entriesAfterUpdate } from './after-update.ts';
import { shownPath } from './field-set.ts';

const deployment = schemaOf({ group: 'apps', version: 'v1', kind: 'Deployment' });
const base = { schema: deployment, part: 'main', apiVersion: 'apps/v1', subresource: '', time: 'T1' } as const;

/** An object and who owns what of it, in the hands of whoever comes next. */
function world(schema = base.schema) {
  let object: JsonRecord = {};
  let entries: readonly unknown[] = [];
  return {
    get object() {
      return object;
    },
    get entries() {
      return entries;
    },
    owned: (manager: string) => entries.find((entry) => isRecord(entry) && entry.manager === manager),
    apply(manager: string, configuration: JsonRecord, force = false, time = 'T1'): Applied {
      const result = apply({ ...base, schema, live: object, configuration, entries, manager, force, time });
      if (result.type === 'applied') ({ object, entries } = result);
      return result;
    },
    update(manager: string, after: JsonRecord) {
      entries = entriesAfterUpdate({ ...base, schema, before: object, after, entries, manager });
      object = after;
    },
  };
}

const containers = (...list: JsonRecord[]) => ({ spec: { template: { spec: { containers: list } } } });
const conflictsOf = (result: Applied) =>
  result.type === 'conflicts'
    ? result.conflicts.map(({ owner, path }) => `${owner.manager} ${owner.operation} ${shownPath(path)}`)
    : [];

describe('server-side apply', () => {
  it('makes the applier the owner of exactly what it states, elements of lists by their keys', () => {
    const { apply: run, owned } = world();
    run('a', containers({ name: 'web', image: 'web:1', ports: [{ containerPort: 80 }], args: ['x'] }));
    expect(owned('a')).toEqual({
      manager: 'a',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      time: 'T1',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:spec': {
          'f:template': {
            'f:spec': {
              'f:containers': {
                'k:{"name":"web"}': {
                  '.': {},
                  'f:args': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                },
              },
            },
          },
        },
      },
    });
  });

  it('leaves alone what others have and the configuration does not mention', () => {
    const cluster = world();
    cluster.update('b', { spec: { replicas: 3, paused: true } });
    cluster.apply('a', { spec: { minReadySeconds: 5 } });
    expect(cluster.object).toEqual({ spec: { replicas: 3, paused: true, minReadySeconds: 5 } });
  });

  it('names each field that is somebody else’s, with the owner, and changes nothing', () => {
    const cluster = world();
    cluster.update('hpa', { spec: { replicas: 3 } });
    cluster.apply('gitops', containers({ name: 'web', image: 'web:1' }));
    const before = cluster.object;
    const wanted = { spec: { replicas: 1, ...containers({ name: 'web', image: 'web:2' }).spec } };
    expect(conflictsOf(cluster.apply('a', wanted))).toEqual([
      'gitops Apply .spec.template.spec.containers[name="web"].image',
      'hpa Update .spec.replicas',
    ]);
    expect(cluster.object).toBe(before);
  });

  it('conflicts with what the same manager has updated: one name, two ways, two owners', () => {
    const cluster = world();
    cluster.update('a', { spec: { replicas: 3 } });
    expect(conflictsOf(cluster.apply('a', { spec: { replicas: 1 } }))).toEqual(['a Update .spec.replicas']);
  });

  it('with force takes the field from its owner', () => {
    const cluster = world();
    cluster.update('hpa', { spec: { replicas: 3, paused: true } });
    cluster.apply('a', { spec: { replicas: 1 } }, true);
    expect(cluster.object).toEqual({ spec: { replicas: 1, paused: true } });
    expect(JSON.stringify(cluster.owned('hpa'))).not.toContain('f:replicas');
    expect(JSON.stringify(cluster.owned('a'))).toContain('f:replicas');
  });

  it('shares a field of equal value; it goes when its last applier no longer states it', () => {
    const cluster = world();
    cluster.apply('a', { spec: { replicas: 2, minReadySeconds: 1 } });
    cluster.apply('b', { spec: { replicas: 2 } });
    cluster.apply('a', { spec: { minReadySeconds: 1 } });
    expect(cluster.object).toEqual({ spec: { replicas: 2, minReadySeconds: 1 } });
    cluster.apply('b', { spec: {} });
    expect(cluster.object).toEqual({ spec: { minReadySeconds: 1 } });
  });

  it('takes out an element of a keyed list that it alone stated, and keeps another’s, and the order', () => {
    const cluster = world();
    cluster.apply('a', containers({ name: 'web', image: 'web:1' }, { name: 'side', image: 'side:1' }));
    cluster.apply('b', containers({ name: 'injected', image: 'mesh:1' }));
    cluster.apply('a', containers({ name: 'web', image: 'web:1' }));
    expect(cluster.object).toEqual(containers({ name: 'web', image: 'web:1' }, { name: 'injected', image: 'mesh:1' }));
  });

  it('never takes out what it did not state: defaults, and what an update set', () => {
    const cluster = world();
    cluster.apply('a', { spec: { minReadySeconds: 1 } });
    cluster.update('b', { spec: { minReadySeconds: 1, replicas: 4 } });
    cluster.apply('a', { spec: { paused: true } });
    expect(cluster.object).toEqual({ spec: { replicas: 4, paused: true } });
  });

  it('keeps the metadata around a name when the last thing else in it goes', () => {
    const cluster = world();
    cluster.apply('a', { metadata: { name: 'x', labels: { l: '1' } } });
    cluster.apply('a', { metadata: { name: 'x' } });
    expect(cluster.object).toEqual({ metadata: { name: 'x' } });
  });

  it('owns atomic lists, maps and structs whole', () => {
    const cluster = world();
    const selecting = (app: string) => ({
      spec: {
        selector: { matchLabels: { app } },
        template: { spec: { nodeSelector: { disk: app }, tolerations: [{ key: app }] } },
      },
    });
    cluster.apply('a', selecting('x'));
    expect(conflictsOf(cluster.apply('b', selecting('y')))).toEqual([
      'a Apply .spec.selector',
      'a Apply .spec.template.spec.nodeSelector',
      'a Apply .spec.template.spec.tolerations',
    ]);
  });

  it('conflicts where it would empty another’s list, or set another’s field to null', () => {
    const cluster = world();
    cluster.update('b', { spec: { replicas: 2, template: { spec: { tolerations: [{ key: 'k' }] } } } });
    const emptied = { spec: { replicas: null, template: { spec: { tolerations: [] } } } };
    expect(conflictsOf(cluster.apply('a', emptied))).toHaveLength(2);
  });

  it('keeps the entry’s time where it changes nothing', () => {
    const cluster = world();
    cluster.apply('a', { spec: { replicas: 2 } }, false, 'T1');
    cluster.apply('a', { spec: { replicas: 2 } }, false, 'T2');
    expect(recordAt({ entry: cluster.owned('a') }, 'entry')?.time).toBe('T1');
  });

  it('never owns identity, nor the status of a kind whose status is a subresource', () => {
    const { apply: run, owned } = world();
    run('a', { metadata: { name: 'x', namespace: 'y', labels: { l: '1' } }, status: { replicas: 1 } });
    expect(recordAt({ entry: owned('a') }, 'entry')?.fieldsV1).toEqual({
      'f:metadata': { 'f:labels': { 'f:l': {} } },
    });
  });

  it.each([
    [{ spec: { replica: 1 } }, '.spec.replica: field not declared in schema'],
    [{ spec: { replicas: 'two' } }, '.spec.replicas: expected numeric (int or float), got string'],
    [
      { spec: { template: { spec: { topologySpreadConstraints: ['x'] } } } },
      '.spec.template.spec.topologySpreadConstraints: element 0: associative list with keys may not have non-map elements',
    ],
    [
      containers({ name: 'web' }, { name: 'web' }),
      '.spec.template.spec.containers: duplicate entries for key [name="web"]',
    ],
  ])('refuses %j', (configuration, message) => {
    expect(() => world().apply('a', configuration)).toThrow(message);
  });

  it('merges maps of an object of no known type member by member, and its lists whole', () => {
    const cluster = world(anything as never);
    cluster.apply('a', { spec: { one: 1, list: [1] } });
    expect(conflictsOf(cluster.apply('b', { spec: { two: 2, list: [2] } }))).toEqual(['a Apply .spec.list']);
    cluster.apply('b', { spec: { two: 2 } });
    expect(cluster.object).toEqual({ spec: { one: 1, two: 2, list: [1] } });
  });
});

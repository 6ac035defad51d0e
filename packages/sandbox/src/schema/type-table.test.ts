import { describe, expect, it } from 'vitest';
import { resourceTable } from '../resources/resource-table.ts';
import { memberSchema, type Schema } from './schema.ts';
import { schemaOf } from './type-table.ts';

const questions = ['authorization.k8s.io', 'authentication.k8s.io'];
const at = (kind: { group: string; kind: string }, ...path: string[]): Schema | undefined =>
  path.reduce<Schema | undefined>(
    (schema, member) => {
      const inner = schema?.shape === 'list' ? schema.items : schema;
      return inner === undefined ? undefined : memberSchema(inner, member);
    },
    schemaOf({ ...kind, version: 'v1' }),
  );
const deployment = { group: 'apps', kind: 'Deployment' };
const service = { group: '', kind: 'Service' };

describe('the types of the API', () => {
  it('know every resource that is stored, down to its last field', () => {
    const seen = new Set<unknown>();
    const walk = (schema: Schema) => {
      if (seen.has(schema)) return;
      seen.add(schema);
      if (schema.shape === 'list') walk(schema.items);
      if (schema.shape === 'map') walk(schema.values);
      if (schema.shape === 'struct') for (const field of schema.fields.values()) walk(field.schema);
    };
    for (const resource of resourceTable.filter(({ group }) => !questions.includes(group))) {
      expect([resource.key, schemaOf(resource).shape]).toEqual([resource.key, 'struct']);
      walk(schemaOf(resource));
    }
    expect(seen.size).toBeGreaterThan(500);
  });

  it('tell keyed lists, sets and atomic values apart', () => {
    const podSpec = (...path: string[]) => at(deployment, 'spec', 'template', 'spec', ...path);
    expect(podSpec('containers')).toMatchObject({ kind: 'map', keys: [{ name: 'name' }] });
    expect(podSpec('containers', 'ports')).toMatchObject({
      keys: [{ name: 'containerPort' }, { name: 'protocol', fallback: 'TCP' }],
    });
    expect(at(service, 'spec', 'ports')).toMatchObject({
      keys: [{ name: 'port' }, { name: 'protocol', fallback: 'TCP' }],
    });
    expect(podSpec('tolerations')).toMatchObject({ kind: 'atomic' });
    expect(at(deployment, 'metadata', 'finalizers')).toMatchObject({ kind: 'set' });
    expect(podSpec('nodeSelector')).toMatchObject({ shape: 'map', atomic: true });
    expect(at(deployment, 'spec', 'selector')).toMatchObject({ shape: 'struct', atomic: true });
    expect(at(deployment, 'metadata', 'labels')).toMatchObject({ shape: 'map', atomic: false });
  });
});

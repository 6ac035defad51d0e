import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonRecord } from '../json/record.ts';
import { decoded } from '../schema/decode.ts';
import { schemaOf } from '../schema/type-table.ts';
import { apply } from './after-apply.ts';
import { entriesAfterUpdate } from './after-update.ts';
import { compare } from './compare.ts';
import { configurationFields } from './configuration-fields.ts';
import { isUnder } from './field-set.ts';
import { identityOf, type Managers, managersOf, saysSame } from './managers.ts';
import { ownablePaths } from './ownable.ts';

const schema = schemaOf({ group: 'apps', version: 'v1', kind: 'Deployment' });
const base = { schema, part: 'main', apiVersion: 'apps/v1', subresource: '', time: 'T' } as const;

const few = (...values: string[]) => fc.constantFrom(...values);
const map = (values = few('1', '2')) =>
  fc.dictionary(few('a', 'b', 'c'), values, { minKeys: 1, noNullPrototype: true });
const container = fc.record(
  {
    name: few('web', 'side', 'log'),
    image: few('i:1', 'i:2'),
    args: fc.array(few('x', 'y'), { minLength: 1, maxLength: 2 }),
    env: fc.uniqueArray(fc.record({ name: few('A', 'B'), value: few('1', '2') }), {
      minLength: 1,
      selector: (one) => one.name,
    }),
  },
  { requiredKeys: ['name'], noNullPrototype: true },
);
const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { selector: (one) => one.name, minLength: 1, maxLength: 3 }),
    nodeSelector: map(),
    tolerations: fc.array(fc.record({ key: few('k', 'l') }), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);
/**
 * Nothing empty in them: an empty map is stored as none, so that the API server takes the next statement of it for a change, and a conflict with whoever
 * stated it too. Configurations that meet in labels (a map), finalizers (a set), containers and env (keyed lists), args and nodeSelector (atomic).
 */
const configuration: fc.Arbitrary<JsonRecord> = fc.record(
  {
    metadata: fc.record(
      { name: fc.constant('x'), labels: map(), finalizers: fc.uniqueArray(few('f/1', 'f/2'), { minLength: 1 }) },
      { requiredKeys: ['name'], noNullPrototype: true },
    ),
    spec: fc.record(
      { replicas: fc.nat(2), paused: fc.boolean(), template: fc.record({ spec: podSpec }) },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { requiredKeys: ['metadata'], noNullPrototype: true },
);
const write = fc.record({
  manager: few('a', 'b', 'c'),
  way: few('apply', 'force', 'update'),
  configuration,
});

interface World {
  object: JsonRecord;
  entries: readonly unknown[];
}

function run(
  world: World,
  { manager, way, configuration: wanted }: typeof write extends fc.Arbitrary<infer T> ? T : never,
) {
  if (way === 'update') {
    const after = decoded(wanted, schema, () => {}) as JsonRecord;
    const entries = entriesAfterUpdate({
      ...base,
      before: world.object,
      after,
      entries: world.entries,
      manager,
    });
    return { ok: true, world: { object: after, entries } };
  }
  const result = apply({
    ...base,
    live: world.object,
    configuration: wanted,
    entries: world.entries,
    manager,
    force: way === 'force',
  });
  return result.type === 'applied' ? { ok: true, world: result } : { ok: false, world };
}

const managersIn = (world: World): Managers => {
  const managers = managersOf(world.entries);
  if (managers === undefined) throw new Error('entries that cannot be read');
  return managers;
};

const applierA = identityOf({ manager: 'a', operation: 'Apply', apiVersion: 'apps/v1', subresource: '' });

/** In the API's own terms: a struct that is always there may be left out. */
function changesOf(before: World, after: World): string[] {
  const { added, modified, removed } = compare(before.object, after.object, schema);
  return [...added, ...modified, ...removed];
}

describe('server-side apply, whatever was written before', () => {
  it('of the same configuration twice changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 6 }), few('apply', 'force'), configuration, (before, way, wanted) => {
        let world: World = { object: {}, entries: [] };
        for (const one of before) world = run(world, one).world;
        const first = run(world, { manager: 'a', way, configuration: wanted });
        if (!first.ok) return;
        const second = run(first.world, { manager: 'a', way, configuration: wanted });
        expect(second.ok).toBe(true);
        expect(changesOf(first.world, second.world)).toEqual([]);
        expect(saysSame(second.world.entries, first.world.entries)).toBe(true);
      }),
    );
  });

  it('without force takes no field that stays: others lose only what goes with something that the applier had stated', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 6 }), configuration, (before, wanted) => {
        let world: World = { object: {}, entries: [] };
        for (const one of before) world = run(world, one).world;
        const held = managersIn(world);
        const stated = held.get(applierA)?.fields ?? new Set<string>();
        const after = run(world, { manager: 'a', way: 'apply', configuration: wanted }).world;
        const left = configurationFields(after.object, schema);
        for (const [identity, owner] of held) {
          if (identity === applierA) continue;
          const kept = managersIn(after).get(identity)?.fields ?? new Set<string>();
          for (const path of [...owner.fields].filter((one) => !kept.has(one))) {
            expect(left).not.toContain(path);
            expect([...stated].filter((one) => isUnder(one, path) || isUnder(path, one))).not.toEqual([]);
          }
        }
      }),
    );
  });

  it('is in the object as it was stated, and never owned by nobody', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 6 }), configuration, (before, wanted) => {
        let world: World = { object: {}, entries: [] };
        for (const one of before) world = run(world, one).world;
        const after = run(world, { manager: 'a', way: 'force', configuration: wanted }).world;
        const mine = managersIn(after).get(applierA)?.fields ?? new Set();
        expect([...mine].sort()).toEqual([...ownablePaths(configurationFields(wanted, schema), 'main')].sort());
      }),
    );
  });
});

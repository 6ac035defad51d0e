import type { FieldSchema, ListSchema, MapSchema, PatchRule, ScalarType, Schema, StructSchema } from './schema.ts';

/**
 * Types of the API, one line each, by name: fields in their order, separated by spaces. A field is `name=type`, where the type is a scalar, another
 * type (`meta.ObjectMeta`; without a dot: of the same table), and behind it
 * - `[]` a list that is replaced as a whole, `[set]` a set of scalars, `[a,b]` a list whose elements are named by those members (`b:TCP`: TCP where it is left out);
 * - `{}` a map, `{atomic}` one that is replaced as a whole; `~` a struct that is;
 * - `@key` how a strategic merge patch merges the list: by that member (nothing: as a set), `+retainKeys` or `@retainKeys` what its directive is for;
 * - `!` required.
 * `+` before the name: the field is there in the API server's own (Go) form even where JSON leaves it out, so nobody owns its mere presence;
 * `*` likewise, as null.
 * `-` before the name: a zero (false, 0, '') is the same as none, and JSON leaves it out.
 * A lone `~` makes every use of the type atomic. Facts of Kubernetes 1.37's types and OpenAPI document.
 */
export type TypeLines = Readonly<Record<string, string>>;

const scalars: readonly string[] = [
  'string',
  'int',
  'number',
  'bool',
  'bytes',
  'quantity',
  'time',
  'microTime',
  'intOrString',
] satisfies readonly ScalarType[];

const fieldPattern =
  /^(?<mark>[+*-]?)(?<name>[$\w-]+)=(?<type>[\w.]+)(?<suffixes>(?:\[[^\]]*\]|\{\w*\}|~)*)(?<patch>@[\w+]*)?(?<required>!?)$/;

/** The fields of a type's line. `named` finds another type by its full name, `<table>.<name>`. */
export function parseTypeLine(
  line: string,
  table: string,
  named: (name: string) => StructSchema,
): ReadonlyMap<string, FieldSchema> {
  const words = line.split(' ').filter((word) => word !== '' && word !== '~');
  return new Map(words.map((word): [string, FieldSchema] => parseField(word, table, named)));
}

function parseField(word: string, table: string, named: (name: string) => StructSchema): [string, FieldSchema] {
  const parts = fieldPattern.exec(word)?.groups;
  if (parts === undefined) throw new Error(`not a field: ${word}`);
  const { mark, name = '', type = '', suffixes = '', patch, required } = parts;
  const wrappers = suffixes.match(/\[[^\]]*\]|\{\w*\}|~/g) ?? [];
  const base = scalarOrNamed(type, table, named);
  const schema = wrappers.reduce<Schema>((inner, wrapper) => wrapped(inner, wrapper), base);
  return [
    name,
    {
      schema,
      always: mark === '+' ? 'zero' : mark === '*' ? 'null' : undefined,
      omitsZero: mark === '-',
      required: required === '!',
      ...(patch === undefined ? {} : { patch: patchRule(patch) }),
    },
  ];
}

function scalarOrNamed(type: string, table: string, named: (name: string) => StructSchema): Schema {
  if (type === 'any') return { shape: 'any' };
  if (scalars.includes(type)) return { shape: 'scalar', type: type as ScalarType };
  return named(type.includes('.') ? type : `${table}.${type}`);
}

function wrapped(inner: Schema, wrapper: string): Schema {
  if (wrapper === '~') return inner.shape === 'struct' ? asAtomic(inner) : inner;
  const within = wrapper.slice(1, -1);
  if (wrapper.startsWith('{')) return { shape: 'map', values: inner, atomic: within === 'atomic' } satisfies MapSchema;
  return { shape: 'list', items: inner, ...listKind(within) } satisfies ListSchema;
}

/** The fields stay unread until somebody asks for them. */
function asAtomic(inner: StructSchema): StructSchema {
  return {
    shape: 'struct',
    name: inner.name,
    atomic: true,
    get fields() {
      return inner.fields;
    },
  };
}

function listKind(within: string): Pick<ListSchema, 'kind' | 'keys'> {
  if (within === '') return { kind: 'atomic', keys: [] };
  if (within === 'set') return { kind: 'set', keys: [] };
  const keys = within.split(',').map((key) => {
    const [name = '', fallback] = key.split(':');
    return { name, ...(fallback === undefined ? {} : { fallback }) };
  });
  return { kind: 'map', keys };
}

function patchRule(text: string): PatchRule {
  const [key = '', ...more] = text.slice(1).split('+');
  if (key === 'retainKeys') return { merge: false, retainKeys: true };
  return { merge: true, retainKeys: more.includes('retainKeys'), ...(key === '' ? {} : { key }) };
}

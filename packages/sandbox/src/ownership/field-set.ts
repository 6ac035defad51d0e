import { isRecord, type JsonRecord } from '../json/record.ts';
import { type ListSchema, memberSchema, type Schema } from '../schema/schema.ts';
import { typeName } from './type-name.ts';

/**
 * The fields that somebody owns: a set of paths. A path is its steps ('f:<member>', 'k:<keys as JSON>', 'v:<value as JSON>', as in fieldsV1) joined by a
 * character that no member's name holds; the root is ''. A path in the set says nothing about what lies below it.
 */
export type FieldSet = ReadonlySet<string>;

const separator = '\u0000';

export function below(path: string, step: string): string {
  return path === '' ? step : `${path}${separator}${step}`;
}

export function stepsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split(separator);
}

/** A path from member names. */
export function fieldPath(...members: readonly string[]): string {
  return members.map((member) => `f:${member}`).join(separator);
}

export function isUnder(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}${separator}`);
}

export function union(...sets: readonly FieldSet[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

export function difference(set: FieldSet, taken: FieldSet): Set<string> {
  return new Set([...set].filter((path) => !taken.has(path)));
}

export function intersection(set: FieldSet, other: FieldSet): Set<string> {
  return new Set([...set].filter((path) => other.has(path)));
}

export function isSame(set: FieldSet, other: FieldSet): boolean {
  return set.size === other.size && [...set].every((path) => other.has(path));
}

/** The fieldsV1 tree of a set. '.' says that a node with children is itself in the set. */
export function fieldsV1Of(set: FieldSet): JsonRecord {
  const root: JsonRecord = {};
  for (const path of [...set].sort()) {
    let node = root;
    for (const step of stepsOf(path)) {
      const next = node[step];
      const child = isRecord(next) ? next : {};
      node[step] = child;
      node = child;
    }
  }
  markMembers(root, '', set);
  return root;
}

function markMembers(node: JsonRecord, path: string, set: FieldSet): void {
  const children = Object.entries(node);
  for (const [step, child] of children) {
    const here = below(path, step);
    if (!isRecord(child) || Object.keys(child).length === 0) continue;
    markMembers(child, here, set);
    if (set.has(here)) node[step] = { '.': {}, ...child };
  }
}

/** The set of a fieldsV1 tree; undefined where it is none. */
export function fieldSetOfV1(tree: unknown): Set<string> | undefined {
  const set = new Set<string>();
  return collect(tree, '', set) ? set : undefined;
}

function collect(node: unknown, path: string, set: Set<string>): boolean {
  if (!isRecord(node)) return false;
  const entries = Object.entries(node);
  if (entries.length === 0 && path !== '') set.add(path);
  return entries.every(([step, child]) => {
    if (step === '.') {
      set.add(path);
      return isRecord(child);
    }
    return /^[fkvi]:/.test(step) && collect(child, below(path, step), set);
  });
}

/** Where an element of a list stands in paths. Throws TypeError where it lacks a key, in the words of the API server. */
export function elementStep(schema: ListSchema, element: unknown): string {
  if (schema.kind === 'set') return `v:${JSON.stringify(element)}`;
  if (!isRecord(element)) throw new TypeError('associative list with keys may not have non-map elements');
  const names = schema.keys.map(({ name }) => name).sort();
  const keys = names.map((name) => {
    const value = element[name] ?? schema.keys.find((key) => key.name === name)?.fallback ?? zeroKey(schema, name);
    if (value === undefined || value === null) {
      throw new TypeError(
        `associative list with keys has an element that omits key field ${JSON.stringify(name)} (and doesn't have default value)`,
      );
    }
    if (typeof value === 'object') throw new TypeError(`unexpected type ${typeName(value)} as key`);
    return [name, value];
  });
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

/** A key that is always there in the API server's own form counts as its zero value where it is left out. */
function zeroKey(schema: ListSchema, name: string): unknown {
  const field = schema.items.shape === 'struct' ? schema.items.fields.get(name) : undefined;
  if (field?.always !== 'zero' || field.schema.shape !== 'scalar') return undefined;
  return field.schema.type === 'int' ? 0 : '';
}

/** The schema one step further; undefined where the step leads nowhere. */
export function schemaAtStep(schema: Schema, step: string): Schema | undefined {
  if (step.startsWith('f:')) return memberSchema(schema, step.slice(2));
  return schema.shape === 'list' ? schema.items : undefined;
}

/** As the API server shows a path: `.spec.template.spec.containers[name="web"].image`. */
export function shownPath(path: string): string {
  return stepsOf(path).map(shownStep).join('');
}

export function shownStep(step: string): string {
  const rest = step.slice(2);
  switch (step[0]) {
    case 'k': {
      const keys = Object.entries(JSON.parse(rest) as JsonRecord);
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${rest}]`;
    case 'i':
      return `[${rest}]`;
    default:
      return `.${rest}`;
  }
}

/**
 * The same differences as text, for whoever wants to see them all: YAML with the way down to each difference, `-` and `+` in front of
 * what goes and comes. Made from the very objects whose digest is approved, in shown form.
 */
import type { Json } from '@countersign/approvals';
import { stringify } from 'yaml';
import { RAW_DIFF_CHARACTERS_MAX } from '../limits.ts';
import { displayable } from '../objects/comparable.ts';
import { isList, isObject, textAt } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';

export interface RawDiff {
  readonly text: string;
  /** Lines are missing: they were inspected by nobody, so the plan is never low risk. */
  readonly cut: boolean;
}

/** Null on either side: all of the other is in it. */
export function rawDiff(live: Json, dryRun: Json): RawDiff {
  const lines = [...linesOf('', displayable(live) ?? {}, displayable(dryRun) ?? {}, 0)].map((line) =>
    neutralise(line, RAW_DIFF_CHARACTERS_MAX),
  );
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    characters += line.length + 1;
    if (characters > RAW_DIFF_CHARACTERS_MAX) break;
    kept.push(line);
  }
  const cut = lines.length - kept.length;
  if (cut > 0) kept.push(`NOT INSPECTED: ${cut} more lines`);
  return { text: kept.join('\n'), cut: cut > 0 };
}

function* linesOf(key: string, from: Json | undefined, to: Json | undefined, depth: number): Generator<string> {
  const alike = (isObject(from) && isObject(to)) || (isList(from) && isList(to));
  if (alike) {
    const inner = [...innerLines(from, to, key === '' ? depth : depth + 1)];
    if (inner.length > 0 && key !== '') yield `  ${'  '.repeat(depth)}${key}:`;
    yield* inner;
  } else if (from !== to) {
    if (from !== undefined) yield* blockOf('-', key, from, depth);
    if (to !== undefined) yield* blockOf('+', key, to, depth);
  }
}

function* innerLines(from: Json | undefined, to: Json | undefined, depth: number): Generator<string> {
  if (isObject(from) && isObject(to)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
      yield* linesOf(
        key,
        Object.hasOwn(from, key) ? from[key] : undefined,
        Object.hasOwn(to, key) ? to[key] : undefined,
        depth,
      );
    }
  } else if (isList(from) && isList(to)) {
    const [before, after] = aligned(from, to);
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      yield* linesOf(`- (${name})`, before.get(name), after.get(name), depth);
    }
  }
}

type Items = ReadonlyMap<string, Json>;

/**
 * Items side by side by what they are called, so that a new one in front shifts no other. By position where two are called the same or
 * where the order changed: the order of containers means something, and must be seen. That of field owners is ordered by time and means nothing.
 */
function aligned(from: readonly Json[], to: readonly Json[]): readonly [before: Items, after: Items] {
  const [before, after] = [byName(from), byName(to)];
  const inOrder = (some: Items, others: Items): string =>
    [...some.keys()].filter((name) => others.has(name)).join('\n');
  const owners = [...from, ...to].every((item) => ownerOf(item) !== undefined);
  const named = before.size === from.length && after.size === to.length;
  if (named && (owners || inOrder(before, after) === inOrder(after, before))) return [before, after];
  return [byPosition(from), byPosition(to)];
}

/** Smaller than the list where names are missing or repeat. */
const byName = (list: readonly Json[]): Items =>
  new Map(
    list.flatMap((item): [string, Json][] => {
      const name = textAt(item, 'name') ?? ownerOf(item);
      return name === undefined ? [] : [[name, item]];
    }),
  );

const byPosition = (list: readonly Json[]): Items =>
  new Map(
    list.map((item, at) => [`${at}${textAt(item, 'name') === undefined ? '' : `: ${textAt(item, 'name')}`}`, item]),
  );

/** One manager may own fields by several operations, and those of a subresource apart. */
function ownerOf(item: Json): string | undefined {
  const manager = textAt(item, 'manager');
  const parts = [manager, textAt(item, 'operation'), textAt(item, 'subresource')];
  return manager === undefined ? undefined : parts.filter((part) => part !== undefined).join(' ');
}

function blockOf(sign: '-' | '+', key: string, value: Json, depth: number): readonly string[] {
  const item = key.startsWith('- (');
  const text = stringify(item ? [value] : { [key]: value }, { lineWidth: 0 }).trimEnd();
  return text.split('\n').map((line) => `${sign} ${'  '.repeat(depth)}${line}`);
}

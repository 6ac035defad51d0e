/**
 * Where a leaf of one document stands in another of the same object. Items of a list are the same by their name, arguments by their flag:
 * a variable that is inserted in front moves the others and changes none of them. Where names are missing or repeat in either, the
 * position decides, as it does for the API server.
 */
import { isSecretFlag, type Json } from '@countersign/approvals';
import { isList, isObject, textAt } from '../objects/json-at.ts';

type Path = readonly string[];

/** The path in `there` of what lies at `path` in `here`; undefined where it has no such place. */
export function sameLeaf(here: Json, path: Path, there: Json | undefined): Path | undefined {
  const [token, ...rest] = path;
  if (token === undefined) return there === undefined ? undefined : [];
  const [inner, counterpart] = isList(here) ? sameItem(here, Number(token), there) : sameMember(here, token, there);
  if (inner === undefined || counterpart === undefined) return undefined;
  const below = sameLeaf(inner, rest, counterpart.value);
  return below === undefined ? undefined : [counterpart.token, ...below];
}

interface Counterpart {
  readonly token: string;
  readonly value: Json;
}
type Pair = readonly [inner: Json | undefined, counterpart: Counterpart | undefined];

function sameMember(here: Json, token: string, there: Json | undefined): Pair {
  const inner = isObject(here) && Object.hasOwn(here, token) ? here[token] : undefined;
  const value = isObject(there) && Object.hasOwn(there, token) ? there[token] : undefined;
  return [inner, value === undefined ? undefined : { token, value }];
}

function sameItem(here: readonly Json[], at: number, there: Json | undefined): Pair {
  const inner = here[at];
  if (!isList(there)) return [inner, undefined];
  const [mine, theirs] = [namesOf(here), namesOf(there)];
  const position = mine === undefined || theirs === undefined ? at : theirs.indexOf(mine[at] ?? '');
  const value = there[position];
  return [inner, value === undefined ? undefined : { token: String(position), value }];
}

/** What each item of a list is called, or undefined where that tells no two apart. */
function namesOf(list: readonly Json[]): readonly string[] | undefined {
  const names = list.map((item, at) => (typeof item === 'string' ? argumentName(list, at) : textAt(item, 'name')));
  return names.every((name) => name !== undefined) && new Set(names).size === names.length ? names : undefined;
}

/** `--db-password` of `--db-password=x`; what follows a bare `--token`; anything else by itself. */
function argumentName(list: readonly Json[], at: number): string {
  const [before, argument] = [list[at - 1], list[at] as string];
  if (typeof before === 'string' && isSecretFlag(before)) return `after ${before}`;
  return /^(--?[A-Za-z][\w.-]*)=/.exec(argument)?.[1] ?? `= ${argument}`;
}

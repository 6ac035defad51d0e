/**
 * What a plan hides from its approvers, and the proof that nothing hidden changes. Each leaf is replaced by a commitment under a salt of
 * its own; the same leaf has the same salt in both documents, wherever it stands in each, so "unchanged" stays visible and the value does
 * not.
 */
import {
  canonicalize,
  commit,
  isSecretName,
  type Json,
  pointerOf,
  type Randomness,
  type Redaction,
  show,
  tokensOf,
} from '@countersign/approvals';
import { COPIED_CHARACTERS_MIN, COPIED_WITHIN_CHARACTERS_MIN, SALT_BYTES } from '../limits.ts';
import { displayable } from '../objects/comparable.ts';
import { isList, isObject, textAt, valueAt } from '../objects/json-at.ts';
import { redact } from '../redaction/redact.ts';
import { sameLeaf } from './same-leaf.ts';

type Salts = Readonly<Record<string, string>>;

export interface ShownStep {
  readonly live: Json;
  readonly dryRun: Json;
  readonly redactions: readonly Redaction[];
  /** JSON pointer -> salt, for the raw evidence: of both documents, or of the live one alone where `dryRunLeafSalts` is there. */
  readonly leafSalts: Salts;
  /** Only where a leaf stands at another place in the dry run. */
  readonly dryRunLeafSalts?: Salts;
}

/** A leaf that is hidden in one of the documents, and is therefore hidden in both. */
interface Leaf {
  readonly reason: Redaction['reason'];
  /** Undefined: not in that document. */
  readonly live: string | undefined;
  readonly dryRun: string | undefined;
}

function hiddenLeaves(live: Json, dryRun: Json): readonly Leaf[] {
  const leaves = new Map<string, Leaf>();
  const there = (here: Json, path: string, other: Json): string | undefined => {
    const found = sameLeaf(here, tokensOf(path), other);
    return found === undefined ? undefined : pointerOf(found);
  };
  const add = (leaf: Leaf): void => void leaves.set(`${leaf.live ?? ''}\n${leaf.dryRun ?? ''}`, leaf);
  for (const { path, reason } of redact(dryRun)) add({ reason, dryRun: path, live: there(dryRun, path, live) });
  for (const { path, reason } of redact(live)) add({ reason, live: path, dryRun: there(live, path, dryRun) });
  return [...leaves.values()].sort(
    (a, b) => compare(placeOf(a), placeOf(b)) || compare(a.dryRun ?? '', b.dryRun ?? ''),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const placeOf = (leaf: Leaf): string => leaf.live ?? leaf.dryRun ?? '';
const leafAt = (object: Json, pointer: string | undefined): Json | undefined =>
  pointer === undefined ? undefined : valueAt(object, ...tokensOf(pointer));
const same = (a: Json | undefined, b: Json | undefined): boolean =>
  a === undefined || b === undefined ? a === b : canonicalize(a) === canonicalize(b);

/**
 * Pointers of hidden leaves that the change adds, removes, alters or renames, and of places where it would show one in the open: then the
 * plan is refused, for nobody could see what is approved. Sorted; no value is in it.
 */
export function hiddenChanges(live: Json, dryRun: Json): readonly string[] {
  const [before, after] = [displayable(live), displayable(dryRun)];
  const leaves = hiddenLeaves(before, after);
  const changed = leaves.filter((leaf) => !same(leafAt(before, leaf.live), leafAt(after, leaf.dryRun))).map(placeOf);
  // Two leaves of one document may not claim one place of the other: then nobody could tell which is which.
  const places = leaves.flatMap(({ dryRun: place }) => place ?? []);
  const doubled = places.filter((place, at) => places.indexOf(place) !== at);
  return [...new Set([...changed, ...doubled, ...copies(before, after, leaves)])].sort();
}

/** Texts that the change brings into the open and that hold a value which was hidden: a copy, a move, a webhook's note. */
function copies(before: Json, after: Json, leaves: readonly Leaf[]): readonly string[] {
  const secrets = leaves.flatMap((leaf) => (isTelling(before, leaf) ? textsOf(leafAt(before, leaf.live)) : []));
  if (secrets.length === 0) return [];
  const hidden = new Set(leaves.flatMap(({ dryRun }) => dryRun ?? []));
  const found: string[] = [];
  const look = (value: Json, path: readonly string[]): void => {
    if (hidden.has(pointerOf(path))) return;
    if (isList(value)) for (const [at, item] of value.entries()) look(item, [...path, String(at)]);
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) look(item, [...path, key]);
    else if (typeof value === 'string' && secrets.some((secret) => gives(value, secret))) {
      const was = sameLeaf(after, path, before);
      if (was === undefined || valueAt(before, ...was) !== value) found.push(pointerOf(path));
    }
  };
  look(after, []);
  return found;
}

/** `LOG_LEVEL=info` is hidden by its place alone; a label may say `info`. */
function isTelling(object: Json, { reason, live }: Leaf): boolean {
  if (reason !== 'environment-value' || live === undefined) return true;
  return isSecretName(textAt(object, ...tokensOf(live).slice(0, -1), 'name') ?? '');
}

const gives = (text: string, secret: string): boolean =>
  (secret.length >= COPIED_CHARACTERS_MIN && text === secret) ||
  (secret.length >= COPIED_WITHIN_CHARACTERS_MIN && text.includes(secret));

function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(textsOf);
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
}

/** Both documents in shown form. A leaf that lies in the ignored paths (a message in a status) may differ; it is hidden all the same. */
export function showStep(step: number, live: Json, dryRun: Json, random: Randomness): ShownStep {
  const salted = hiddenLeaves(live, dryRun).map((leaf) => ({ ...leaf, salt: random.token(SALT_BYTES) }));
  const moved = salted.some(
    (leaf) => leaf.live !== undefined && leaf.dryRun !== undefined && leaf.live !== leaf.dryRun,
  );
  const leafSalts = Object.fromEntries(salted.map((leaf) => [placeOf(leaf), leaf.salt]));
  const dryRunLeafSalts = Object.fromEntries(salted.map((leaf) => [leaf.dryRun ?? placeOf(leaf), leaf.salt]));
  const redactions = salted.map((leaf): Redaction => {
    const value = leafAt(live, leaf.live) ?? leafAt(dryRun, leaf.dryRun) ?? null;
    const path = placeOf(leaf);
    const after = leaf.dryRun ?? path;
    return {
      step,
      path,
      ...(after === path ? {} : { after }),
      reason: leaf.reason,
      commitment: commit(leaf.salt, value),
    };
  });
  return {
    live: show(live, leafSalts),
    dryRun: show(dryRun, moved ? dryRunLeafSalts : leafSalts),
    redactions,
    leafSalts,
    ...(moved ? { dryRunLeafSalts } : {}),
  };
}

/**
 * Whether a target is still what an open plan was made on, as far as a reader can tell: hidden leaves are commitments in the evidence,
 * and the reader has no salts, so a changed hidden value shows by the generation alone. The executor compares them for real.
 */
import {
  type Json,
  type LiveObject,
  type Redaction,
  redactedLeaf,
  type Target,
  tokensOf,
} from '@countersign/approvals';
import { changedPaths } from '../objects/changed-paths.ts';
import { comparable } from '../objects/comparable.ts';
import { isList, isObject } from '../objects/json-at.ts';
import { redact } from '../redaction/redact.ts';

export interface FreshnessQuestion {
  readonly target: Target;
  /** The evidence's live object in shown form. */
  readonly approved: Json;
  readonly redactions: readonly Redaction[];
  readonly now: LiveObject | null;
}

/** JSON pointers or short texts; empty: nothing changed. No value is ever in it. */
export function changedSince({ target, approved, redactions, now }: FreshnessQuestion): readonly string[] {
  // What the plan creates must still be absent.
  if (target.uid === null) return now === null ? [] : ['the object exists now'];
  if (now === null) return ['the object is gone'];
  if (now.uid !== target.uid) return ['the object was replaced by another one'];
  if (now.deleting) return ['the object is being deleted'];
  const known = new Set(redactions.map(({ path }) => path));
  const newlyHidden = redact(comparable(now.object)).filter(({ path }) => !known.has(path));
  const shown = redactions.reduce(
    (object, { path, commitment }) => replaced(object, tokensOf(path), redactedLeaf(commitment)),
    now.object,
  );
  const changed = changedPaths(comparable(approved), comparable(shown));
  return [...new Set([...changed, ...newlyHidden.map(({ path }) => path)])];
}

/** The object with another value at a path that it has; as it is where it has none. */
function replaced(node: Json, tokens: readonly string[], value: Json): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) return value;
  if (isList(node)) return node.map((item, at) => (String(at) === token ? replaced(item, rest, value) : item));
  if (!isObject(node) || !Object.hasOwn(node, token)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, item]) => [key, key === token ? replaced(item, rest, value) : item]),
  );
}

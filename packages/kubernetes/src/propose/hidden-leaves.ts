/**
 * What a plan hides from its approvers, and the proof that nothing hidden changes. Each leaf is replaced by a commitment under a salt of
 * its own; the same pointer has the same salt in both documents, so "unchanged" stays visible and the value does not.
 */
import {
  canonicalize,
  commit,
  type Json,
  type Randomness,
  type Redaction,
  show,
  tokensOf,
} from '@countersign/approvals';
import { SALT_BYTES } from '../limits.ts';
import { displayable } from '../objects/comparable.ts';
import { valueAt } from '../objects/json-at.ts';
import { redact } from '../redaction/redact.ts';

export interface ShownStep {
  readonly live: Json;
  readonly dryRun: Json;
  readonly redactions: readonly Redaction[];
  /** JSON pointer -> salt, for the raw evidence. */
  readonly leafSalts: Readonly<Record<string, string>>;
}

/** Pointers of hidden leaves that the change adds, removes or alters: then the plan is refused, for nobody could see what is approved. */
export function hiddenChanges(live: Json, dryRun: Json): readonly string[] {
  const [before, after] = [displayable(live), displayable(dryRun)];
  const paths = new Set([...redact(before), ...redact(after)].map(({ path }) => path));
  const textOf = (object: Json, path: string): string | undefined => {
    const value = valueAt(object, ...tokensOf(path));
    return value === undefined ? undefined : canonicalize(value);
  };
  return [...paths].filter((path) => textOf(before, path) !== textOf(after, path)).sort();
}

/** Both documents in shown form. A leaf that lies in the ignored paths (a message in a status) may differ; it is hidden all the same. */
export function showStep(step: number, live: Json, dryRun: Json, random: Randomness): ShownStep {
  const leaves = new Map([...redact(dryRun), ...redact(live)].map((leaf) => [leaf.path, leaf]));
  const salted = [...leaves.values()]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((leaf) => ({ ...leaf, salt: random.token(SALT_BYTES) }));
  const leafSalts = Object.fromEntries(salted.map(({ path, salt }) => [path, salt]));
  const redactions = salted.map(({ path, reason, salt }): Redaction => {
    const value = valueAt(live, ...tokensOf(path)) ?? valueAt(dryRun, ...tokensOf(path)) ?? null;
    return { step, path, reason, commitment: commit(salt, value) };
  });
  return { live: show(live, leafSalts), dryRun: show(dryRun, leafSalts), redactions, leafSalts };
}

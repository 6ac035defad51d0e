/**
 * Looks through the arguments of a call for passages that try to steer somebody: an agent that was steered passes on what steered it. A
 * flag for the access log, without the words themselves; never a reason to refuse, for anybody may write about prompts.
 */
import { SCREENED_CHARACTERS_MAX, UNTRUSTED_DEPTH_MAX } from '../limits.ts';
import { createFlagList } from './flag-list.ts';
import type { Suspicion } from './suspicion.ts';

export type RequestSuspicion = Suspicion | 'not-checked';

/** Commands speak of nothing but tools, and are parsed by a grammar of their own: `command`, and the texts among `commands`. */
const looked = (key: string, value: unknown): unknown => {
  if (key === 'command') return null;
  return key === 'commands' && Array.isArray(value) ? value.filter((item) => typeof item !== 'string') : value;
};

/** Sorted, each once. Never throws: arguments that cannot be looked through are flagged as such. */
export function suspicionsOfRequest(input: unknown): readonly RequestSuspicion[] {
  // Names of our own tools are no alarm here: a reason may say what was read with which.
  const flags = createFlagList([]);
  let charactersLeft = SCREENED_CHARACTERS_MAX;
  let unchecked = false;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === 'string') {
      charactersLeft -= value.length;
      if (charactersLeft < 0) unchecked = true;
      else flags.look(value, '');
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= UNTRUSTED_DEPTH_MAX) unchecked = true;
      else {
        for (const [key, item] of Object.entries(value)) {
          if (!Array.isArray(value)) visit(key, depth + 1);
          visit(looked(key, item), depth + 1);
        }
      }
    }
  };
  try {
    visit(input, 0);
  } catch {
    unchecked = true;
  }
  const categories = new Set<RequestSuspicion>(flags.found().map(({ category }) => category));
  if (unchecked) categories.add('not-checked');
  return [...categories].sort();
}

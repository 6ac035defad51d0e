/** Labelled things by label pair, so that many Services over many pods cost what they match and not their product. */
import { labelsMatch } from './namespace-view.ts';

type Labels = Readonly<Record<string, string>>;

export interface LabelIndex<T> {
  /** What carries every pair of the selector; an empty selector selects nothing here. */
  matching(selector: Labels): readonly T[];
}

/** @param selectors only their pairs are indexed: memory follows what is asked, not what things are labelled with */
export function labelIndexOf<T>(
  things: readonly T[],
  labelsOf: (thing: T) => Labels,
  selectors: readonly Labels[],
): LabelIndex<T> {
  const byPair = new Map<string, T[]>();
  for (const selector of selectors) for (const pair of pairsOf(selector)) byPair.set(pair, []);
  for (const thing of things) for (const pair of pairsOf(labelsOf(thing))) byPair.get(pair)?.push(thing);
  return {
    matching(selector) {
      const candidates = pairsOf(selector).map((pair) => byPair.get(pair) ?? []);
      const rarest = candidates.reduce<readonly T[]>(
        (least, some) => (some.length < least.length ? some : least),
        candidates[0] ?? [],
      );
      return rarest.filter((thing) => labelsMatch(selector, labelsOf(thing)));
    },
  };
}

const pairsOf = (labels: Labels): readonly string[] => Object.entries(labels).map((pair) => JSON.stringify(pair));

/**
 * Looks for passages that try to steer a model. A flag is a warning beside the text, never a change of it, and never a defence by itself:
 * whatever such a passage brings about still stops at a person's approval. One pass over the words; no pattern can run away.
 */
import { FLAG_DISTANCE_WORDS_MAX } from '../limits.ts';
import { folded } from './neutralise.ts';

export const SUSPICIONS = [
  'ignore-instructions',
  'reveal-prompts',
  'tool-use',
  'secret-exfiltration',
  'authority-override',
] as const;
export type Suspicion = (typeof SUSPICIONS)[number];

/** All sets must have a word within the distance, in any order. */
interface Near {
  readonly suspicion: Suspicion;
  readonly sets: readonly ReadonlySet<string>[];
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const ORDERS = words(
  'instruction instructions rule rules prompt prompts guideline guidelines directive directives guardrails',
);

const NEAR: readonly Near[] = [
  {
    suspicion: 'ignore-instructions',
    sets: [words('ignore disregard forget override bypass neglect'), ORDERS],
  },
  {
    suspicion: 'reveal-prompts',
    sets: [
      words('reveal show print dump repeat display disclose output'),
      words('system developer hidden initial secret'),
      words('prompt prompts instruction instructions'),
    ],
  },
  {
    suspicion: 'tool-use',
    sets: [words('call invoke run execute trigger'), words('tool tools function functions mcp kubectl helm')],
  },
  {
    suspicion: 'tool-use',
    sets: [words('kubectl'), words('delete apply patch scale exec edit replace create drain')],
  },
  {
    suspicion: 'secret-exfiltration',
    sets: [
      words('exfiltrate leak send post upload copy email forward transmit paste'),
      words('secret secrets token tokens password passwords credential credentials kubeconfig apikey ssh'),
    ],
  },
];

/** Words in this very order, without another between. */
const PHRASES: readonly (readonly [Suspicion, string])[] = [
  ['authority-override', 'you are now'],
  ['authority-override', 'you must now'],
  ['authority-override', 'act as'],
  ['authority-override', 'pretend to be'],
  ['authority-override', 'developer mode'],
  ['authority-override', 'system override'],
  ['authority-override', 'system message'],
  ['authority-override', 'system instruction'],
  ['authority-override', 'system instructions'],
  ['authority-override', 'developer instructions'],
  ['authority-override', 'authoritative instruction'],
  ['authority-override', 'authoritative instructions'],
  ['authority-override', 'new instructions'],
  ['authority-override', 'important system update'],
  ['secret-exfiltration', 'api key to'],
];
const PHRASES_BY_FIRST_WORD = Map.groupBy(
  PHRASES.map(([suspicion, phrase]) => ({ suspicion, words: phrase.split(' ') })),
  (phrase) => phrase.words[0] ?? '',
);

/**
 * Takes texts in the order in which a reader meets them: a passage that is split over neighbouring fields or lines is still found.
 * `toolNames`: our own tools, whose names no log line has a reason to hold.
 */
export function createSuspicionScan(toolNames: readonly string[]): (text: string) => readonly Suspicion[] {
  const names = new Set(toolNames);
  const lastSeen = NEAR.map(({ sets }) => sets.map(() => Number.NEGATIVE_INFINITY));
  let open: { readonly suspicion: Suspicion; readonly rest: readonly string[] }[] = [];
  let at = 0;

  return (text) => {
    const found = new Set<Suspicion>();
    for (const [word] of folded(text).matchAll(/[a-z0-9_]{1,64}/g)) {
      // `SYSTEM_MESSAGE` and `ignore_all_rules` are sentences, too; a tool's name is one word.
      const parts = names.has(word) ? [word] : word.split('_').filter((part) => part !== '');
      if (names.has(word)) found.add('tool-use');
      for (const part of parts) {
        at += 1;
        open = [...open, ...startsOf(part)].flatMap((phrase) => {
          if (phrase.rest[0] !== part) return [];
          if (phrase.rest.length > 1) return [{ ...phrase, rest: phrase.rest.slice(1) }];
          found.add(phrase.suspicion);
          return [];
        });
        for (const [index, { suspicion, sets }] of NEAR.entries()) {
          const seen = lastSeen[index] ?? [];
          for (const [set, members] of sets.entries()) if (members.has(part)) seen[set] = at;
          if (sets.some((members) => members.has(part)) && at - Math.min(...seen) <= FLAG_DISTANCE_WORDS_MAX) {
            found.add(suspicion);
          }
        }
      }
    }
    return [...found];
  };
}

const startsOf = (word: string) =>
  (PHRASES_BY_FIRST_WORD.get(word) ?? []).map(({ suspicion, words: rest }) => ({ suspicion, rest }));

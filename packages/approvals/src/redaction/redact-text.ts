/**
 * Takes secrets out of text: logs, events, messages, and whatever is inside a string. The one place that decides what a secret looks
 * like; the cluster adapter asks it before anything leaves the cluster, the endpoint once more before anything leaves for an agent.
 * Fails closed: text that could not be checked, or is longer than what can be, is withheld.
 */
import { assignedSecrets } from './assigned-secrets.ts';
import { encodedRuns } from './encoded-text.ts';
import { CHECKED_CHARACTERS_MAX, ENCODING_DEPTH_MAX } from './limits.ts';
import { beginsPrivateKey, privateKeys } from './private-keys.ts';
import { SECRET_SHAPES, type SecretShape, SHAPES } from './secret-shapes.ts';
import { inOriginal, type TextRange, viewsOf } from './seen-text.ts';

export interface FoundSecret extends TextRange {
  readonly shape: SecretShape;
}

export interface TextRedactor {
  /** Texts in reading order: a private key that is spread over several of them is taken out whole. */
  redact(text: string): string;
  /** Stands for a secret that was found by other means; counts it. */
  stands(shape: SecretShape): string;
  readonly counts: ReadonlyMap<SecretShape, number>;
}

export const WITHHELD = '[withheld: could not be checked for secrets]';
export const placeholderOf = (shape: SecretShape): string => `[redacted: ${shape}]`;

/** `look` is a parameter so that a test can make it fail. */
export function createTextRedactor(look: typeof findSecrets = findSecrets): TextRedactor {
  const counts = new Map<SecretShape, number>();
  const stands = (shape: SecretShape): string => {
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
    return placeholderOf(shape);
  };
  let keyLinesOpen = 0;
  return {
    counts,
    stands,
    redact(text) {
      try {
        const checked = text.slice(0, CHECKED_CHARACTERS_MAX);
        const { secrets, keyLinesOpen: open } = look(checked, keyLinesOpen);
        keyLinesOpen = open;
        const shown = cutOut(checked, secrets, stands);
        return checked.length === text.length ? shown : `${shown}${WITHHELD}`;
      } catch {
        return WITHHELD;
      }
    },
  };
}

/** The text with its secrets replaced. */
export const redactText = (text: string): string => createTextRedactor().redact(text);

/** The text holds a secret, or cannot be checked for one. */
export function holdsSecret(text: string): boolean {
  if (text.length > CHECKED_CHARACTERS_MAX) return true;
  try {
    return findSecrets(text).secrets.length > 0;
  } catch {
    return true;
  }
}

export interface FoundSecrets {
  /** In the original text, in order, without overlaps. */
  readonly secrets: readonly FoundSecret[];
  /** Lines of a private key that may still follow. */
  readonly keyLinesOpen: number;
}

export function findSecrets(text: string, keyLinesOpen = 0): FoundSecrets {
  const views = viewsOf(text);
  const keys = privateKeys(views[0]?.text ?? '', keyLinesOpen);
  const found = views.flatMap((view, at) => {
    const ranges = [
      ...secretsIn(view.text),
      ...(at === 0 ? keys : privateKeys(view.text, 0)).ranges.map(as('private-key')),
    ];
    return ranges.map((secret) => ({ ...inOriginal(view, secret), shape: secret.shape }));
  });
  return { secrets: merged(found), keyLinesOpen: keys.linesOpen };
}

const as =
  (shape: SecretShape) =>
  (range: TextRange): FoundSecret => ({ from: range.from, to: range.to, shape });

/** In one view, private keys aside. */
function secretsIn(text: string, depth = 0): readonly FoundSecret[] {
  const found = [...shapedSecrets(text), ...assignedSecrets(text).map(as('named-secret'))];
  if (depth >= ENCODING_DEPTH_MAX) return found;
  const encoded = encodedRuns(text).filter(
    ({ texts, compressed }) =>
      compressed || texts.some((decoded) => beginsPrivateKey(decoded) || secretsIn(decoded, depth + 1).length > 0),
  );
  return [...found, ...encoded.map(as('encoded-secret'))];
}

function shapedSecrets(text: string): readonly FoundSecret[] {
  return SHAPES.flatMap(({ shape, pattern, group, holds }) =>
    [...text.matchAll(pattern)].flatMap((match): FoundSecret[] => {
      const secret = match[group] ?? '';
      if (secret === '' || PLACEHOLDER.test(secret) || holds?.(secret) === false) return [];
      const from = match.index + match[0].lastIndexOf(secret);
      return [{ from, to: from + secret.length, shape }];
    }),
  );
}

const PLACEHOLDER = /^["'`]?\[?redacted\b/;

/** Overlapping ranges become one, of the kind that says most. */
function merged(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const rank = (shape: SecretShape): number => SECRET_SHAPES.indexOf(shape);
  const result: FoundSecret[] = [];
  for (const secret of [...found].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = result.at(-1);
    if (last === undefined || secret.from > last.to || (secret.from === last.to && secret.shape !== last.shape))
      result.push(secret);
    else {
      const shape = rank(secret.shape) < rank(last.shape) ? secret.shape : last.shape;
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, secret.to), shape };
    }
  }
  return result;
}

function cutOut(text: string, secrets: readonly FoundSecret[], stands: (shape: SecretShape) => string): string {
  let shown = '';
  let at = 0;
  for (const { from, to, shape } of secrets) {
    shown += text.slice(at, from) + stands(shape);
    at = to;
  }
  return shown + text.slice(at);
}

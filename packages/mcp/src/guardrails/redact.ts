/**
 * Takes secrets out of text that leaves for an agent. The cluster adapter has redacted by structure already; this looks at shapes, in
 * logs above all. Each pattern begins at a fixed word and is bounded, so that no input makes it slow. What cannot be checked is withheld.
 */
import { decodedText } from './base64.ts';

export const SECRET_SHAPES = [
  'private-key',
  'jwt',
  'aws-key',
  'bearer-token',
  'basic-auth',
  'url-credentials',
  'provider-token',
  'named-secret',
  'encoded-secret',
] as const;
export type SecretShape = (typeof SECRET_SHAPES)[number];

const WITHHELD = '[withheld: could not be checked for secrets]';
const placeholder = (shape: SecretShape): string => `[redacted: ${shape}]`;

export interface Redactor {
  /** Texts in reading order: a private key that is spread over several lines or fields is taken out whole. */
  redact(text: string): string;
  /** Whether a value under this name is a secret by its name. */
  isSecretName(name: string): boolean;
  readonly counts: ReadonlyMap<SecretShape, number>;
  count(shape: SecretShape): string;
}

export function createRedactor(): Redactor {
  const counts = new Map<SecretShape, number>();
  const count = (shape: SecretShape): string => {
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
    return placeholder(shape);
  };
  let insidePrivateKey = false;
  return {
    counts,
    count,
    isSecretName,
    redact(text) {
      try {
        const keys = withoutPrivateKeys(text, insidePrivateKey, count);
        insidePrivateKey = keys.inside;
        return withoutEncodedSecrets(withoutShapes(keys.text, count), count);
      } catch {
        // Fails closed: text that could not be checked is not shown.
        return WITHHELD;
      }
    },
  };
}

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY( BLOCK)?-----/;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY( BLOCK)?-----/;

/** The whole body goes, not the header alone; a tail that begins in the middle of a key and a key without an end, too. */
function withoutPrivateKeys(
  text: string,
  startsInside: boolean,
  count: (shape: SecretShape) => string,
): { readonly text: string; readonly inside: boolean } {
  let rest = text;
  let shown = '';
  let inside = startsInside;
  for (;;) {
    if (inside) {
      const end = KEY_END.exec(rest);
      if (end === null) return { text: shown + count('private-key'), inside: true };
      shown += count('private-key');
      rest = rest.slice(end.index + end[0].length);
      inside = false;
    }
    const begin = KEY_BEGIN.exec(rest);
    const end = KEY_END.exec(rest);
    if (end !== null && (begin === null || end.index < begin.index)) {
      shown += count('private-key');
      rest = rest.slice(end.index + end[0].length);
      continue;
    }
    if (begin === null) return { text: shown + rest, inside: false };
    shown += rest.slice(0, begin.index);
    rest = rest.slice(begin.index + begin[0].length);
    inside = true;
  }
}

type Shape = readonly [SecretShape, RegExp, ((match: RegExpMatchArray) => boolean)?];

const SHAPES: readonly Shape[] = [
  ['jwt', /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{2,16384}(\.[A-Za-z0-9_-]{0,8192})?/g],
  ['aws-key', /(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g],
  [
    'provider-token',
    /(?<![A-Za-z0-9])(gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|rk_live_|sk-|npm_|hvs\.|AIza|dop_v1_)[A-Za-z0-9_-]{16,512}/g,
  ],
  ['url-credentials', /:\/\/[^\s:/@]{0,256}:[^\s/@]{1,512}@/g],
  [
    'bearer-token',
    /(?<![A-Za-z0-9])bearer\s{1,8}([A-Za-z0-9._~+/-]{8,16384}={0,2})/gi,
    // `Bearer authentication` is a sentence.
    (match) => /[0-9]|.{24}/.test(match[1] ?? ''),
  ],
  ['basic-auth', /(?<![A-Za-z0-9])basic\s{1,8}([A-Za-z0-9+/]{8,1024}={0,2})/gi, (match) => isUserAndPassword(match[1])],
];

const SECRET_WORD =
  '(?:password|passwd|passphrase|pwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|account[-_.]?key|encryption[-_.]?key|signing[-_.]?key|client-key-data|connection[-_.]?string|credentials?|dsn)';
const VALUE = '(\\[?"(?:[^"\\\\\\n]|\\\\.){0,8192}"?|\'[^\'\\n]{0,8192}\'?|[^\\s,;&"\'}\\]]{1,8192})';
/** `NAME=value`, `name: value`, `"name": "value"`. */
const NAMED = new RegExp(`(${SECRET_WORD}[A-Za-z0-9_.-]{0,64})(["']?\\s{0,4}[:=]\\s{0,4})${VALUE}`, 'gi');
/** `--name value` of a command line. */
const OPTION = new RegExp(`(?<=--[a-z-]{0,32})(${SECRET_WORD}[a-z-]{0,32})(\\s{1,4})(?!-)${VALUE}`, 'gi');
const SECRET_NAME = new RegExp(SECRET_WORD, 'i');
/** Names that only point at a secret, or describe one. */
const POINTS_AT =
  /(names?|refs?|namespaces?|files?|paths?|class|types?|counts?|polic(y|ies)|versions?|expir[a-z]*|seconds|enabled|required|mount|volume|projection|secrets)$/i;

const isSecretName = (name: string): boolean => SECRET_NAME.test(name) && !POINTS_AT.test(name);

function withoutShapes(text: string, count: (shape: SecretShape) => string): string {
  let shown = text;
  for (const [shape, pattern, holds] of SHAPES) {
    shown = shown.replace(pattern, (...match) => {
      const groups = match.slice(0, -2) as unknown as RegExpMatchArray;
      if (holds?.(groups) === false) return match[0];
      // Keeps the user part out as well, but what surrounds the secret readable.
      return shape === 'url-credentials' ? `://${count(shape)}@` : count(shape);
    });
  }
  const named = (whole: string, name: string, between: string, value: string): string =>
    !isSecretName(name) || isHarmless(value) ? whole : `${name}${between}${count('named-secret')}`;
  return shown.replace(NAMED, named).replace(OPTION, named);
}

/** A base64 run that decodes to something that would have been redacted. */
function withoutEncodedSecrets(text: string, count: (shape: SecretShape) => string): string {
  return text.replace(/[A-Za-z0-9+/_-]{20,}={0,2}/g, (run) => {
    const decoded = decodedText(run);
    if (decoded === undefined) return run;
    let holdsSecret = KEY_BEGIN.test(decoded);
    withoutShapes(decoded, (shape) => {
      holdsSecret = true;
      return placeholder(shape);
    });
    return holdsSecret ? count('encoded-secret') : run;
  });
}

/** Truth values, small numbers, what is redacted already, and references to somewhere else. */
const isHarmless = (value: string): boolean =>
  /^["'[]*(true|false|null|nil|none|undefined|<[a-z -]{1,40}>|\d{1,6}|\[redacted.*|\$\(.*|\$\{.*|)["'\]]*$/i.test(
    value,
  );

function isUserAndPassword(encoded: string | undefined): boolean {
  return encoded !== undefined && decodedText(encoded)?.includes(':') === true;
}

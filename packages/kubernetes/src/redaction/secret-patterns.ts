/**
 * What looks like a secret. Conservative: a false alarm hides a value from an approver, a miss shows one, so only shapes that are hardly
 * anything else are listed. Each pattern takes time linear in the text: every repetition is bounded or followed by what it cannot match.
 */

/** Shapes of tokens, wherever they stand in a text. */
const TOKENS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  // JWS and JWE compact form: base64url of a JSON header first (RFC 7515 section 3.1)
  /\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,4000}(?:\.[A-Za-z0-9_-]{0,4000})?/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}/,
  /\bglpat-[A-Za-z0-9_-]{16,255}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/,
  /\bsk-[A-Za-z0-9_-]{20,255}/,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  /\bnpm_[A-Za-z0-9]{30,255}/,
  /\bhvs\.[A-Za-z0-9_-]{20,255}/,
  // `scheme://user:password@host` (RFC 3986 section 3.2.1)
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:[^\s/@]{1,200}@/i,
  /\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic)\s{1,4}[A-Za-z0-9._~+/=-]{1,4000}/i,
  // Without the header's name, a digit or a sign tells a credential from "basic authentication".
  /\b(?:bearer|basic)\s{1,4}(?=[A-Za-z._~-]{0,4000}[0-9+/=])[A-Za-z0-9._~+/=-]{12,4000}/i,
];

/** The text holds something with the shape of a token. */
export const tokenLike = (text: string): boolean => TOKENS.some((pattern) => pattern.test(text));

const SECRET_WORD =
  '(?:pass(?:word|wd|phrase)|pwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|credentials?|authorization|cookie)';

/** A name that promises a secret as its value: an annotation's key, a flag. */
const SECRET_NAME = new RegExp(SECRET_WORD, 'i');
export const secretLikeName = (name: string): boolean => SECRET_NAME.test(name);

const VALUE = `(?:"[^"]{1,4000}"|'[^']{1,4000}'|[^\\s"',;&]{1,4000})`;
/** `password=x`, `"apiToken": "x"`, `Authorization: Basic x`: the name stays, the value goes. */
const ASSIGNED = new RegExp(
  `(${SECRET_WORD}[A-Za-z0-9_.-]{0,20}["']?\\s{0,4}[:=]\\s{0,4}(?:(?:bearer|basic)\\s{1,4})?)${VALUE}`,
  'gi',
);
/** `--api-key x` */
const FLAG = new RegExp(`(--[a-z0-9-]{0,30}${SECRET_WORD}[a-z0-9-]{0,20}\\s{1,4})${VALUE}`, 'gi');

/** A flag whose value is the next argument: `--db-password`, `-token`. */
const BARE_FLAG = new RegExp(`^--?[a-z0-9_.-]{0,60}${SECRET_WORD}[a-z0-9_.-]{0,20}$`, 'i');
export const isSecretFlag = (argument: string): boolean => BARE_FLAG.test(argument);

export const REDACTED = '[redacted]';

/** Free text with everything that looks like a secret replaced. */
export function withoutSecrets(text: string): string {
  const named = text.replace(ASSIGNED, `$1${REDACTED}`).replace(FLAG, `$1${REDACTED}`);
  return TOKENS.reduce((rest, pattern) => rest.replace(new RegExp(pattern, `g${pattern.flags}`), REDACTED), named);
}

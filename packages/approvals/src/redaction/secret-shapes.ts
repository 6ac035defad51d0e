/**
 * Secrets that are known by their shape, wherever they stand. Only shapes that are hardly anything else. Each pattern begins at a fixed
 * text and every repetition is bounded or followed by what it cannot match: time is linear in the text.
 */
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

export interface ShapePattern {
  readonly shape: SecretShape;
  readonly pattern: RegExp;
  /** The group of the match that is the secret, 0 for all of it. */
  readonly group: number;
  /** What else must hold: `Bearer authentication` is a sentence. */
  readonly holds?: (secret: string) => boolean;
}

const NOT_AFTER_WORD = '(?<![A-Za-z0-9_-])';

export const SHAPES: readonly ShapePattern[] = [
  {
    shape: 'jwt',
    // JWS and JWE compact form: base64url of a JSON header first (RFC 7515 section 3.1).
    pattern: new RegExp(
      `${NOT_AFTER_WORD}eyJ[A-Za-z0-9_-]{8,8192}\\.[A-Za-z0-9_-]{2,16384}(?:\\.[A-Za-z0-9_-]{0,8192}){0,3}`,
      'g',
    ),
    group: 0,
  },
  { shape: 'aws-key', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, group: 0 },
  {
    shape: 'provider-token',
    pattern:
      /(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|soat)-|xox[abeoprs]-|xapp-|[rs]k_(?:live|test)_|npm_|pypi-|hv[sb]\.|AIza|ya29\.|dop_v1_|dckr_pat_|SG\.|shp(?:at|ca|pa|ss)_|figd_|lin_api_|whsec_|tskey-|GOCSPX-)[A-Za-z0-9_.-]{16,512}/g,
    group: 0,
  },
  {
    shape: 'provider-token',
    // `sk-` begins many a hyphenated name: what follows must be one piece.
    pattern: /(?<![A-Za-z0-9])sk-(?:(?:proj|ant|or|svcacct)-[A-Za-z0-9_-]{16,512}|[A-Za-z0-9]{20,512})/g,
    group: 0,
  },
  {
    shape: 'provider-token',
    pattern: /(?<![A-Za-z0-9])(?:dapi[0-9a-f]{32}|SK[0-9a-f]{32}|\d{8,10}:AA[A-Za-z0-9_-]{33})(?![A-Za-z0-9])/g,
    group: 0,
  },
  {
    shape: 'provider-token',
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_-]{8,200})/g,
    group: 1,
  },
  {
    shape: 'url-credentials',
    // `scheme://user:password@host` (RFC 3986 section 3.2.1); a password that should have been escaped and was not may hold / and @.
    pattern: /:\/\/([^\s:/@"'<>[\]]{0,256}:(?!\d{2,5}[/?])[^\s"'<>]{1,512})@(?!sha(?:256|512):)/g,
    group: 1,
  },
  { shape: 'url-credentials', pattern: /:\/\/([A-Za-z0-9._~%+-]{20,512})@(?!sha(?:256|512):)/g, group: 1 },
  {
    shape: 'bearer-token',
    pattern: /(?<![A-Za-z0-9])bearer[\s:=]{1,8}["']?([A-Za-z0-9._~+/=-]{8,16384})/gi,
    group: 1,
    holds: (secret) => /[0-9]|.{24}/.test(secret),
  },
  {
    shape: 'basic-auth',
    pattern: /(?<![A-Za-z0-9])basic\s{1,8}["']?([A-Za-z0-9+/_-]{8,1024}={0,2})/gi,
    group: 1,
    holds: (secret) => /[0-9+/=]/.test(secret) && isUserAndPassword(secret),
  },
  {
    shape: 'named-secret',
    pattern:
      /\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token|digest|negotiate|apikey)\s{1,4}([^\s"',;]{1,8192})/gi,
    group: 1,
  },
  // Tools whose flag for a password has one letter.
  {
    shape: 'named-secret',
    pattern: /\bcurl\b[^\n]{0,300}?\s(?:-u|--user|--proxy-user|-U)[ =]{0,2}["']?[^\s:"']{0,100}:([^\s"']{1,500})/g,
    group: 1,
  },
  {
    shape: 'named-secret',
    pattern: /\b(?:mysql[a-z]{0,10}|mariadb)\b[^\n]{0,300}?\s-p([^\s"'-][^\s"']{0,200})/g,
    group: 1,
  },
  { shape: 'named-secret', pattern: /\bsshpass\s{1,4}-p\s{0,4}["']?([^\s"']{1,200})/g, group: 1 },
  { shape: 'named-secret', pattern: /\bredis-cli\b[^\n]{0,300}?\s-a\s{1,4}["']?([^\s"']{1,200})/g, group: 1 },
  {
    shape: 'named-secret',
    pattern:
      /\bidentified\s{1,4}(?:with\s{1,4}\S{1,60}\s{1,4})?by\s{1,4}(?:password\s{1,4})?('[^'\n]{1,500}'|"[^"\n]{1,500}")/gi,
    group: 1,
  },
  { shape: 'named-secret', pattern: /\blogin\s{1,4}\S{1,200}\s{1,4}password\s{1,4}(\S{1,500})/g, group: 1 },
  {
    shape: 'named-secret',
    pattern: /\b(?:password|passphrase|passwd)\s{1,4}("[^"\n]{1,500}"|'[^'\n]{1,500}')/gi,
    group: 1,
  },
  {
    shape: 'named-secret',
    pattern:
      /\b(?:password|passphrase|passwd|pwd|token|secret|api[ _-]?key)\s{1,4}(?:is|was|are|now|set to|changed to)\s{1,4}["']?([^\s"']{4,500})/gi,
    group: 1,
    // `the password is required` is a sentence.
    holds: (secret) => /[^A-Za-z.,;:!?]/.test(secret.replace(/[.,;:!?)]+$/, '')),
  },
];

/** Base64 of `user:password` (RFC 7617 section 2). */
export function isUserAndPassword(encoded: string): boolean {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return /^[\x20-\x7e\u00a0-\uffff]+$/.test(text) && !text.includes('\ufffd') && text.indexOf(':') >= 0;
}

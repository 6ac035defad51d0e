/**
 * Names that promise a secret as their value: `DB_PASSWORD`, `clientSecret`, `x-api-key`. A name is split into its words, so that
 * `secretName`, `tokenizer` and `passed` are none: they point at a secret, or only contain its letters.
 */
import { NAME_CHARACTERS_MAX } from './limits.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Anywhere in a name. */
const STRONG = set(
  'password passwords passwd passphrase passphrases passcode secret token tokens apikey apikeys credential credentials cred creds jwt privatekey secretkey accesskey authkey mnemonic otp totp',
);
/** Only as its last word: `pass_rate` is a number. */
const WEAK = set('pass pwd pw authorization cookie cookies dsn bearer sig signature hmac auth');
/** Two words that mean a secret only together. */
const PAIRS = set(
  'api-key api-keys access-key access-keys private-key private-keys secret-key auth-key account-key encryption-key signing-key master-key shared-key ssh-key storage-key license-key session-key session-id service-key client-key deploy-key webhook-key connection-string conn-str',
);
/** Glued to other letters: `dbpassword`, `accesstoken`. */
const GLUED =
  /passw(?:or)?d|passphrase|passcode|apikey|privatekey|secretkey|secretaccesskey|authkey|encryptionkey|signingkey|accountkey|credential|(?:token|secret|sessionid)$/;

/** Last words that only point at a secret, or describe one. */
const POINTS = set(
  'name names ref refs namespace namespaces file files filename path paths dir directory class classes type types kind count counts policy policies version versions expiry expires expiration ttl seconds minutes hours days enabled disabled required optional mount mounts volume volumes projection url urls uri uris endpoint endpoints host issuer audience audiences length size limit limits header headers field fields regex pattern alg algorithm usage used budget store stores provider mode secrets item items interval rotation age review reviews request requests',
);
const GLUED_POINTER =
  /(?:password|passwd|secret|token|key|credential)s?(?:names?|refs?|namespace|files?|paths?|type|count|url|uri|class)$/;
/** Values that are known not to be secrets, by their whole name. */
const KNOWN = /(?:^|\/)checksum[/.-]|ingress\.kubernetes\.io\/auth-(?:tls-)?secret$|^(?:OLD)?PWD$/;
export const isHarmlessName = (name: string): boolean => KNOWN.test(name.slice(-NAME_CHARACTERS_MAX));

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** `expirationSeconds`, `tokenFile`: by its last word. */
export const onlyPoints = (name: string): boolean => POINTS.has(wordsOf(name.slice(-NAME_CHARACTERS_MAX)).at(-1) ?? '');

export function isSecretName(name: string): boolean {
  const end = name.slice(-NAME_CHARACTERS_MAX);
  if (isHarmlessName(end)) return false;
  // `PASSWORD_2`: the number is no word.
  const words = wordsOf(end.replace(/(?:[-_.]?\d+)+$/, (number) => (number === end ? number : '')));
  const last = words.at(-1);
  if (last === undefined || POINTS.has(last) || GLUED_POINTER.test(last)) return false;
  if (WEAK.has(last.replace(/\d+$/, ''))) return true;
  return words.some(
    (word, at) =>
      STRONG.has(word) || GLUED.test(word.replace(/\d+$/, '')) || (at > 0 && PAIRS.has(`${words[at - 1]}-${word}`)),
  );
}

/** `auth` holds a user and a password in the configuration of an image registry, and a word elsewhere. */
export const isAuthName = (name: string): boolean => /(?:^|[-_.])auth$/i.test(name);

/** A password may be a number; a count of tokens is one. */
export const isPasswordName = (name: string): boolean => /pass|pwd|pin|otp|passcode/i.test(name);

/** `max_tokens` is how many, however many. */
export const isCountName = (name: string): boolean => /tokens$/i.test(name);

/** A flag whose value is the next argument: `--db-password`, `-token`. */
export const isSecretFlag = (argument: string): boolean => {
  const flag = /^--?([A-Za-z][A-Za-z0-9_.-]{0,127})$/.exec(argument)?.[1];
  return flag !== undefined && isSecretName(flag);
};

/** Lines of a log, for agents: what looks like a secret is replaced, hidden characters are made visible, and a fault withholds the line. */
import { LOG_LINE_CHARACTERS_MAX, PEM_LINES_MAX } from '../limits.ts';
import { neutralise } from './neutralise.ts';
import { REDACTED, withoutSecrets } from './secret-patterns.ts';

const WITHHELD = '[line withheld: it could not be checked for secrets]';

const KEY_BEGIN = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/;
const KEY_END = /-----END [A-Z ]{0,40}PRIVATE KEY-----/;
/** Nothing but 60 to 76 base64 characters is a line of a PEM body (RFC 7468 section 2), also where the cap cut its head away. */
const PEM_BODY = /^\s{0,8}[A-Za-z0-9+/]{60,76}={0,2}\s{0,2}$/;

/** `redact` is a parameter so that a test can make it fail; it fails closed: the line is withheld. */
export function redactLines(
  lines: readonly string[],
  redact: (line: string) => string = redactLine,
): readonly string[] {
  // Bounded: a lone BEGIN must not blind the reader to the rest of the log.
  let keyLinesLeft = 0;
  return lines.map((line) => {
    try {
      if (KEY_BEGIN.test(line)) keyLinesLeft = PEM_LINES_MAX;
      const hide = keyLinesLeft > 0 || PEM_BODY.test(line);
      keyLinesLeft = KEY_END.test(line) ? 0 : Math.max(0, keyLinesLeft - 1);
      return hide ? REDACTED : redact(line);
    } catch {
      return WITHHELD;
    }
  });
}

/** ANSI control sequences (ECMA-48 section 5.4), whole: their visible rest would stand between the letters of a word. */
const ANSI = /\p{Cc}\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]/gu;
const UNSEEN = /[\p{Cc}\p{Cf}\p{DI}]/gu;

/** One line or message, safe to show. */
export function redactLine(line: string, charactersMax: number = LOG_LINE_CHARACTERS_MAX): string {
  // The cap comes first: patterns take time that grows with the line.
  const cut = line.slice(0, charactersMax);
  const plain = cut.replace(ANSI, '').replace(UNSEEN, (character) => (character === '\t' ? character : ''));
  // A zero-width character within a token would hide it from the patterns, a newline within a message could join two words to one.
  if (plain !== cut && withoutSecrets(plain) !== plain) return REDACTED;
  return withoutSecrets(neutralise(line, charactersMax));
}

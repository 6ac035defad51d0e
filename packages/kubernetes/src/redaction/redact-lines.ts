/** Lines of a log, for agents: what looks like a secret is replaced, hidden characters are made visible, and a fault withholds the line. */
import { findSecrets, placeholderOf, redactText, SECRET_CHARACTERS_MAX, WITHHELD } from '@countersign/approvals';
import { LOG_LINE_CHARACTERS_MAX } from '../limits.ts';
import { neutralise } from './neutralise.ts';

/**
 * Looked at as one text: a key or a value may run over several lines. `look` is a parameter so that a test can make it fail; it fails
 * closed: a line that cannot be checked by itself either is withheld.
 */
export function redactLines(lines: readonly string[], look: typeof findSecrets = findSecrets): readonly string[] {
  try {
    const { secrets } = look(lines.join('\n'));
    let at = 0;
    let next = 0;
    return lines.map((line) => {
      const [from, to] = [at, at + line.length];
      at = to + 1;
      let shown = '';
      let done = from;
      // A secret that began on an earlier line may go on here, and further.
      while ((secrets[next]?.to ?? 0) <= from && next < secrets.length) next += 1;
      for (let each = next; (secrets[each]?.from ?? to) < to; each += 1) {
        const secret = secrets[each];
        if (secret === undefined) break;
        shown += line.slice(done - from, Math.max(0, secret.from - from)) + placeholderOf(secret.shape);
        done = Math.min(to, secret.to);
      }
      return visible(shown + line.slice(done - from));
    });
  } catch {
    return lines.map((line) => redactAlone(line, look));
  }
}

function redactAlone(line: string, look: typeof findSecrets): string {
  try {
    return look(line).secrets.length === 0 ? visible(line) : WITHHELD;
  } catch {
    return WITHHELD;
  }
}

const visible = (line: string): string => neutralise(line, LOG_LINE_CHARACTERS_MAX);

/** One line or message, safe to show. */
export function redactLine(line: string, charactersMax: number = LOG_LINE_CHARACTERS_MAX): string {
  // Looked at beyond the cap, so that a secret which the cap cuts in two is still seen whole.
  const ahead = line.slice(0, charactersMax + SECRET_CHARACTERS_MAX);
  return neutralise(redactText(ahead), charactersMax);
}

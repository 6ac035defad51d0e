/**
 * Values under a name that promises a secret: `NAME=value`, `name: value`, `"name": "value"`, `--name value`, `<name>value</name>`,
 * `{name: NAME, value: ...}` in either order, YAML blocks. One pass over the names; what follows a secret's name is hidden to its end.
 */
import { MAPPING_CHARACTERS_MAX, NAME_CHARACTERS_MAX, PAIR_DISTANCE_CHARACTERS_MAX } from './limits.ts';
import { isAuthName, isCountName, isHarmlessName, isPasswordName, isSecretName } from './secret-names.ts';
import { isUserAndPassword } from './secret-shapes.ts';
import type { TextRange } from './seen-text.ts';
import { bracketEnd, indentedBlock, isHarmless, isProse, wordEnd } from './value-at.ts';

/** Consumes every name once: linear. */
const NAMES = /[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?/g;
/** `=`, `:`, `":`, `" :`, `:=`, `=>`, `]=`, or the end of an XML tag. */
const SEPARATOR = /(["'`\]]{0,2})([ \t]{0,8})(:=|=>|->|={1,2}|:|>)([ \t]{0,40})/y;
const FLAG_GAP = /[ \t]{1,8}(?!-)|["'`]\s{0,8},\s{0,40}(?=["'`])|["'`]?[ \t]{0,8}\n[ \t]{0,80}- (?!["'`]?-)/y;

interface Assignment {
  readonly name: string;
  readonly nameFrom: number;
  /** Where the value begins. */
  readonly at: number;
  readonly sign: string;
  readonly quoted: boolean;
  readonly spaced: boolean;
}

export function assignedSecrets(text: string): readonly TextRange[] {
  const found: TextRange[] = [];
  const pairs = pairing();
  NAMES.lastIndex = 0;
  let before: { readonly name: string; readonly to: number } | undefined;
  for (let match = NAMES.exec(text); match !== null; match = NAMES.exec(text)) {
    const [from, to] = [match.index, match.index + match[0].length];
    const name = nameOf(text, match[0], from, before);
    before = { name: match[0], to };
    const flag = flagValue(text, match[0], from, to);
    if (flag !== undefined) {
      found.push(flag);
      NAMES.lastIndex = Math.max(to, flag.to);
      continue;
    }
    const assignment = assignmentAt(text, name, from, to);
    if (assignment === undefined) continue;
    found.push(...pairs.secrets(text, { name: match[0], at: assignment.at }));
    const value = secretValue(text, assignment);
    if (value === undefined) continue;
    found.push(value);
    NAMES.lastIndex = Math.max(to, value.to);
  }
  return found;
}

/** `API key: x`: a name of two words. */
function nameOf(text: string, name: string, from: number, before: { name: string; to: number } | undefined): string {
  const spaced = before !== undefined && before.to === from - 1 && text[before.to] === ' ';
  return spaced && /^(?:keys?|string|id)$/i.test(name) ? `${before.name}-${name}` : name;
}

function assignmentAt(text: string, name: string, nameFrom: number, to: number): Assignment | undefined {
  SEPARATOR.lastIndex = to;
  const match = SEPARATOR.exec(text);
  if (match === null) return undefined;
  const [whole, quote = '', gap = '', sign = '', space = ''] = match;
  if (sign === '>' && text[nameFrom - 1] !== '<') return undefined;
  // `volume "db-token" : secret "x" not found` is a sentence: JSON has a value there.
  if (quote !== '' && gap !== '' && !/["'[{\d]/.test(text[to + whole.length] ?? '')) return undefined;
  return { name, nameFrom, at: to + whole.length, sign, quoted: quote !== '', spaced: gap !== '' || space !== '' };
}

/** The value of `--db-password x`, in one text or as items of a list. */
function flagValue(text: string, name: string, from: number, to: number): TextRange | undefined {
  if (text[from - 1] !== '-' || !isSecretName(name)) return undefined;
  FLAG_GAP.lastIndex = to;
  const gap = FLAG_GAP.exec(text);
  if (gap === null) return undefined;
  const at = to + gap[0].length;
  const end = wordEnd(text, at);
  const value = text.slice(at, end);
  return end === at || isHarmless(value) ? undefined : { from: at, to: end };
}

function secretValue(text: string, assignment: Assignment): TextRange | undefined {
  const { name, at } = assignment;
  if (isAuthName(name)) {
    const end = wordEnd(text, at);
    if (isUserAndPassword(text.slice(at, end).replace(/["'`]/g, ''))) return { from: at, to: end };
  }
  if (!isSecretName(name) || isAuthName(name) || describesFile(text, assignment) || isKnownName(text, assignment)) {
    return undefined;
  }
  return valueRange(text, assignment);
}

/** `open /var/run/secrets/token: no such file`: a path, and what is wrong with it. */
function describesFile(text: string, { nameFrom, sign, quoted }: Assignment): boolean {
  if (sign !== ':' || quoted || text[nameFrom - 1] !== '/') return false;
  const path = /[^\s"'`=:]{0,300}$/.exec(text.slice(Math.max(0, nameFrom - 300), nameFrom))?.[0] ?? '';
  return path.startsWith('/') || path.startsWith('./');
}

/** With what stands before it, as in `checksum/secret`, it is known to be none. */
function isKnownName(text: string, { name, nameFrom }: Assignment): boolean {
  const before = text[nameFrom - 1] === '/' ? text.slice(Math.max(0, nameFrom - 100), nameFrom) : '';
  return before !== '' && isHarmlessName(`${/[\w./-]*$/.exec(before)?.[0] ?? ''}${name}`);
}

const SCHEME = /(?:bearer|basic|token|digest|negotiate|apikey)[ \t]{1,4}/iy;
const BLOCK = /(?:[|>][+-]?\d?[+-]?)?[ \t]*(?:#[^\n]{0,200})?\n/y;

function valueRange(text: string, assignment: Assignment): TextRange | undefined {
  const { name, nameFrom, at, sign } = assignment;
  BLOCK.lastIndex = at;
  const block = sign === ':' ? BLOCK.exec(text) : null;
  if (block !== null) return blockValue(text, nameFrom, at + block[0].length - 1);
  const first = text[at] ?? '';
  if (first === '{')
    return mappingValue(text, { from: at, to: Math.min(bracketEnd(text, at), at + MAPPING_CHARACTERS_MAX) });
  SCHEME.lastIndex = at;
  const from = at + (SCHEME.exec(text)?.[0].length ?? 0);
  const to =
    first === '[' && !/^\[(?:redacted|withheld)/i.test(text.slice(at, at + 10))
      ? bracketEnd(text, at)
      : valueEnd(text, from, assignment);
  const value = text.slice(from, to);
  if (value === '' || isHarmless(value)) return undefined;
  // A count of tokens is a number, and so may be a password.
  if (/^["']?\d{1,4}["']?$/.test(value) && !isPasswordName(name)) return undefined;
  if (/^["']?\d{1,9}["']?$/.test(value) && isCountName(name)) return undefined;
  if (sign === ':' && !assignment.quoted && assignment.spaced && isProse(value.split(/\s/)[0] ?? '')) return undefined;
  return { from, to };
}

/** A word; in YAML, where the name begins its line, the rest of the line. */
function valueEnd(text: string, from: number, { nameFrom, sign, spaced }: Assignment): number {
  const word = wordEnd(text, from);
  if (sign !== ':' || !spaced || /["'`]/.test(text[from] ?? '')) return word;
  const lineFrom = text.lastIndexOf('\n', nameFrom - 1) + 1;
  if (!/^[ \t]*(?:- +)*["'`]?(?:[A-Za-z0-9_.-]+\/)?$/.test(text.slice(Math.max(lineFrom, nameFrom - 200), nameFrom)))
    return word;
  const lineTo = text.indexOf('\n', from);
  const line = text.slice(from, lineTo < 0 ? text.length : lineTo);
  return Math.max(word, from + line.replace(/\s+#.*$/, '').trimEnd().length);
}

/** Members of a mapping under a secret's name that are the secret itself. */
const CONTENT = /["']?\b(?:value|data|default|plain|plaintext|text|content|literal|stringData)["']?[ \t]*[:=][ \t]*/g;

function mappingValue(text: string, range: TextRange): TextRange | undefined {
  const inside = text.slice(range.from, range.to);
  if (!/[:=]/.test(inside)) return isHarmless(inside) || inside.replace(/[{}\s]/g, '') === '' ? undefined : range;
  CONTENT.lastIndex = 0;
  const member = CONTENT.exec(inside);
  if (member === null) return undefined;
  const from = range.from + member.index + member[0].length;
  // Two of them: all from the first to the end.
  return { from, to: CONTENT.exec(inside) === null ? wordEnd(text, from) : range.to };
}

/** The lines below the name: a block, a list, a value by itself; a mapping is judged by its own names. */
function blockValue(text: string, nameFrom: number, lineEnd: number): TextRange | undefined {
  const block = indentedBlock(text, nameFrom, lineEnd);
  if (block === undefined) return promptedValue(text, nameFrom, lineEnd);
  const inside = text.slice(block.from, block.to);
  const isBlock = /[|>][+-]?\d?[+-]?[ \t]*(?:#[^\n]*)?$/.test(text.slice(Math.max(nameFrom, lineEnd - 220), lineEnd));
  if (!isBlock && /^\s*(?:- +)?["']?[\w./-]+["']?:(?:\s|$)/.test(inside)) return mappingValue(text, block);
  return isHarmless(inside) ? undefined : block;
}

/** `Password:` at the end of a line, and one word on the next. */
function promptedValue(text: string, nameFrom: number, lineEnd: number): TextRange | undefined {
  const next = /^[ \t]{0,8}(\S{6,400})[ \t]{0,8}(?:\n|$)/.exec(text.slice(lineEnd + 1, lineEnd + 420));
  const word = next?.[1];
  if (word === undefined || !/\d/.test(word) || /[:=]$/.test(word) || isHarmless(word)) return undefined;
  const from = lineEnd + 1 + (next?.[0].indexOf(word) ?? 0);
  return nameFrom < from ? { from, to: from + word.length } : undefined;
}

/** `{name: DB_PASSWORD, value: x}`, in either order, and `key` for `name`. */
function pairing() {
  let named: { readonly secret: boolean; readonly at: number } | undefined;
  let loose: number | undefined;
  const hidden = (text: string, from: number): readonly TextRange[] => {
    const to = wordEnd(text, from);
    return to === from || isHarmless(text.slice(from, to)) ? [] : [{ from, to }];
  };
  return {
    secrets(text: string, { name, at }: Pick<Assignment, 'name' | 'at'>): readonly TextRange[] {
      const word = name.toLowerCase();
      if (word === 'name' || word === 'key') {
        const value = text.slice(at, wordEnd(text, at, NAME_CHARACTERS_MAX)).replace(/["'`,;]/g, '');
        const secret = isSecretName(value);
        const owned = loose !== undefined && at - loose <= PAIR_DISTANCE_CHARACTERS_MAX ? loose : undefined;
        named = owned === undefined ? { secret, at } : undefined;
        loose = undefined;
        return secret && owned !== undefined ? hidden(text, owned) : [];
      }
      if (word !== 'value' && word !== 'val') return [];
      const owner = named !== undefined && at - named.at <= PAIR_DISTANCE_CHARACTERS_MAX ? named : undefined;
      named = undefined;
      loose = owner === undefined ? at : undefined;
      return owner?.secret === true ? hidden(text, at) : [];
    },
  };
}

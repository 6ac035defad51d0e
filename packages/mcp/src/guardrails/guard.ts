/**
 * The one door for text that others wrote (clusters, agents, models) on its way to a caller: secrets redacted, hidden characters made
 * visible, suspicious passages flagged, size capped. The answer says what was done, so that nothing is altered in silence.
 */
import {
  createTextRedactor,
  isHarmlessValue,
  isSecretName,
  type Json,
  type TextRedactor,
} from '@countersign/approvals';
import {
  FLAGS_MAX,
  QUARANTINE_CHARACTERS_MIN,
  SECRET_CHARACTERS_MAX,
  UNTRUSTED_CHARACTERS_MAX,
  UNTRUSTED_DEPTH_MAX,
  UNTRUSTED_PROPERTIES_KEPT,
  UNTRUSTED_TEXT_CHARACTERS_MAX,
} from '../limits.ts';
import { createFlagList, type Flag, type FlagList } from './flag-list.ts';
import { neutralise } from './neutralise.ts';

export interface GuardReport {
  readonly flagged: readonly Flag[];
  /** Shape of secret -> how many were taken out. */
  readonly redacted: { readonly [shape: string]: number };
  /** Runs of hidden characters that were made visible. */
  readonly neutralised: number;
  /** True when something was left out for size; the tool's description says how to ask for less. */
  readonly truncated: boolean;
}

export interface Guarded {
  readonly value: Json;
  readonly report: GuardReport;
}

export interface GuardOptions {
  readonly toolNames: readonly string[];
  readonly textCharactersMax?: number;
  readonly charactersMax?: number;
}

interface Walk {
  readonly redactor: TextRedactor;
  readonly flags: FlagList;
  readonly textCharactersMax: number;
  charactersLeft: number;
  neutralised: number;
  truncated: boolean;
  /** Below these properties another walk goes on. */
  readonly others?: { readonly names: readonly string[]; readonly walk: Walk };
}

/** The whole value is others' text. */
export function guard(value: Json, options: GuardOptions): Guarded {
  const walk = newWalk(options);
  return reported(guardValue(value, '', 0, walk), walk);
}

/**
 * An answer of ours that holds others' text under the named properties, at any depth. Those have the budget of the answer; all the rest
 * goes through the same door with one of its own, so that a tool which forgets to name a property still leaks and hides nothing. What
 * speaks of tools is no alarm there: our own sentences do.
 */
export function guardAnswer(value: Json, names: readonly string[], options: GuardOptions): Guarded {
  const others = newWalk(options);
  const { textCharactersMax: _wide, ...ours } = options;
  const own = { ...newWalk({ ...ours, toolNames: [] }), redactor: others.redactor, others: { names, walk: others } };
  const shown = guardValue(value, '', 0, own);
  const [a, b] = [reported(shown, others).report, reported(shown, own).report];
  return {
    value: shown,
    report: {
      flagged: [...a.flagged, ...b.flagged.filter(({ category }) => category !== 'tool-use')].slice(0, FLAGS_MAX),
      redacted: a.redacted,
      neutralised: a.neutralised + b.neutralised,
      truncated: a.truncated || b.truncated,
    },
  };
}

const newWalk = (options: GuardOptions): Walk => ({
  redactor: createTextRedactor(),
  flags: createFlagList(options.toolNames),
  textCharactersMax: options.textCharactersMax ?? UNTRUSTED_TEXT_CHARACTERS_MAX,
  charactersLeft: options.charactersMax ?? UNTRUSTED_CHARACTERS_MAX,
  neutralised: 0,
  truncated: false,
});

const reported = (value: Json, walk: Walk): Guarded => ({
  value,
  report: {
    flagged: walk.flags.found(),
    redacted: Object.fromEntries(walk.redactor.counts),
    neutralised: walk.neutralised,
    truncated: walk.truncated,
  },
});

function guardValue(value: Json, at: string, depth: number, walk: Walk): Json {
  if (typeof value === 'string') return guardText(value, at, walk);
  if (value === null || typeof value !== 'object') {
    walk.charactersLeft -= 5;
    return value;
  }
  // A stack that a hostile document could exhaust.
  if (depth >= UNTRUSTED_DEPTH_MAX) return cut(walk);
  return Array.isArray(value) ? guardList(value, at, depth, walk) : guardObject(value as JsonObject, at, depth, walk);
}

type JsonObject = { readonly [key: string]: Json };

function guardList(list: readonly Json[], at: string, depth: number, walk: Walk): Json {
  const shown: Json[] = [];
  for (const [index, item] of list.entries()) {
    if (walk.charactersLeft <= 0) {
      walk.truncated = true;
      break;
    }
    shown.push(guardValue(item, `${at}/${index}`, depth + 1, walk));
  }
  return shown;
}

function guardObject(object: JsonObject, at: string, depth: number, walk: Walk): Json {
  // `{name: DB_PASSWORD, value: ...}`: the name tells what the value is.
  const namesSecret = typeof object.name === 'string' && isSecretName(object.name);
  const shown: [string, Json][] = [];
  for (const [key, item] of Object.entries(object)) {
    // Small objects stay whole, with their texts cut, so that a reader finds every property that it was promised.
    if (walk.charactersLeft <= 0 && shown.length >= UNTRUSTED_PROPERTIES_KEPT) {
      walk.truncated = true;
      break;
    }
    const inside = walk.others?.names.includes(key) === true ? walk.others.walk : walk;
    const shownKey = guardText(key, `${at}/${pointerToken(key)}`, walk);
    const secret = typeof item === 'string' && item !== '' && (isSecretName(key) || (namesSecret && key === 'value'));
    shown.push([
      shownKey,
      secret ? alreadyRedacted(item, inside) : guardValue(item, `${at}/${pointerToken(key)}`, depth + 1, inside),
    ]);
  }
  // fromEntries defines own properties: a key such as __proto__ stays a key.
  return Object.fromEntries(shown);
}

/** What the adapter redacted keeps its own words; anything else under a secret's name goes whole. */
function alreadyRedacted(text: string, walk: Walk): string {
  return isHarmlessValue(text) ? text : walk.redactor.stands('named-secret');
}

function guardText(text: string, at: string, walk: Walk): string {
  if (text.length >= QUARANTINE_CHARACTERS_MIN) {
    walk.truncated = true;
    return `[quarantined: ${text.length} characters, too many to be checked; ask for less]`;
  }
  const limit = Math.max(0, Math.min(walk.textCharactersMax, walk.charactersLeft));
  const whole = text.length <= limit;
  if (!whole) walk.truncated = true;
  const part = whole ? text : cutAtSpace(text, limit);
  walk.flags.look(part, at);
  const redacted = walk.redactor.redact(part);
  const neutral = neutralise(redacted);
  // What is made visible grows; the limit holds for what is shown.
  const visible = neutral.text.slice(0, Math.max(limit, part.length));
  walk.neutralised += neutral.count;
  walk.charactersLeft -= visible.length + 3;
  return whole ? visible : `${visible}… [${text.length - part.length} more characters]`;
}

/** Never in the middle of a word: half a secret matches no pattern. A run without an end in sight goes whole. */
function cutAtSpace(text: string, limit: number): string {
  const floor = Math.max(0, limit - SECRET_CHARACTERS_MAX);
  let end = limit;
  while (end > floor && !/[\s,;"'&{}[\]]/.test(text[end] ?? '')) end -= 1;
  return text.slice(0, end);
}

function cut(walk: Walk): Json {
  walk.truncated = true;
  return '[deeper than shown]';
}

const pointerToken = (key: string): string =>
  neutralise(key.slice(0, 100)).text.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * One kubectl command -> what it means, or why it is not understood. Text in, data out: nothing is run, by no shell and no kubectl, and
 * what is not understood whole is refused whole. Pure, and never throws.
 */
import { pass, type Result, refuse } from '@countersign/approvals';
import { readAllFlags, withoutNamespace } from './flags.ts';
import { NotUnderstood, quoted } from './not-understood.ts';
import { checkedNamespace } from './objects.ts';
import { refusedFlag } from './refused-flags.ts';
import { refuseVerb } from './refused-verbs.ts';
import type { Given, Understood, Verb } from './verb.ts';
import * as objects from './verbs/object-verbs.ts';
import * as reads from './verbs/read-verbs.ts';
import * as workloads from './verbs/workload-verbs.ts';
import { wordsOf } from './words.ts';

export interface CommandText {
  readonly command: string;
  /** For a command that names none. */
  readonly namespace?: string | undefined;
  /** What `-f -` reads. */
  readonly manifest?: Given['manifest'];
}

export interface ParsedCommand {
  /** `scale`, `rollout restart`. */
  readonly verb: string;
  readonly namespace: string;
  readonly understood: Understood;
}

/** The namespace that kubectl takes where nobody names one. */
const DEFAULT_NAMESPACE = 'default';

const VERBS: ReadonlyMap<string, Verb> = new Map([
  ['scale', workloads.scale],
  ['rollout restart', workloads.rolloutRestart],
  ['rollout undo', workloads.rolloutUndo],
  ['rollout pause', workloads.rolloutPause],
  ['rollout resume', workloads.rolloutResume],
  ['set image', workloads.setImage],
  ['set resources', workloads.setResources],
  ['delete', objects.deletion],
  ['label', objects.label],
  ['annotate', objects.annotate],
  ['patch', objects.patch],
  ['apply', objects.apply],
  ['create', objects.create],
  ['get', reads.get],
  ['describe', reads.describe],
  ['logs', reads.logs],
  ['events', reads.events],
  ['api-resources', reads.apiResources],
  ['rollout status', reads.rolloutStatus],
  ['rollout history', reads.rolloutHistory],
  ['auth can-i', reads.canI],
]);
const FAMILIES = ['rollout', 'set', 'auth'];
const KNOWN = [...VERBS.keys()].join(', ');

export function parseCommand(
  text: CommandText,
): Result<ParsedCommand, { readonly why: string; readonly instead: string }> {
  try {
    return pass(parsed(text));
  } catch (error) {
    if (error instanceof NotUnderstood) return refuse({ why: error.why, instead: error.instead });
    throw error;
  }
}

function parsed({ command, namespace: given, manifest }: CommandText): ParsedCommand {
  const all = wordsOf(command);
  const words = all[0] === 'kubectl' ? all.slice(1) : all;
  // First, so that what is refused by design is told as that, whatever flags it has.
  refuseVerb(words[0] ?? '');
  const named = withoutNamespace(words);
  const { name, verb, rest } = verbOf(named.words);
  const flag = named.flags.get('namespace');
  const namespace = checkedNamespace(flag ?? given ?? DEFAULT_NAMESPACE);
  const namespaceIsOfFlag = flag !== undefined;
  const { words: places, flags } = readAllFlags(rest, verb.flags);
  return {
    verb: name,
    namespace,
    understood: verb.read({ words: places, flags, namespace, namespaceIsOfFlag, manifest }),
  };
}

function verbOf(words: readonly string[]): {
  readonly name: string;
  readonly verb: Verb;
  readonly rest: readonly string[];
} {
  const [first, ...rest] = words;
  if (first === undefined) throw new NotUnderstood('it is empty', `Known commands: ${KNOWN}.`);
  if (first.startsWith('-')) {
    const name = first.replace(/^--?/, '').split('=', 1)[0] ?? '';
    const short = first.startsWith('--') ? name : first.charAt(1);
    throw refusedFlag(first, short) ?? new NotUnderstood('a flag stands before the command', 'Begin with the command.');
  }
  refuseVerb(first);
  const [second, ...behind] = rest;
  const inFamily = FAMILIES.includes(first);
  const name = inFamily ? `${first} ${second ?? ''}` : first;
  const verb = VERBS.get(name);
  if (verb === undefined)
    throw new NotUnderstood(
      `${quoted(inFamily ? (second ?? '') : first)} is no command that is known here`,
      `Known commands: ${KNOWN}.`,
    );
  return { name, verb, rest: inFamily ? behind : rest };
}

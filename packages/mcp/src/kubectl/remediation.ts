/** Several commands -> the steps of one plan, or the first that is not understood: then nothing of them is planned. */
import {
  type ChangeRequest,
  pass,
  type Refusal,
  type Result,
  refuse,
  WORDS_REASON_CHARACTERS_MAX,
} from '@countersign/approvals';
import { type CommandText, type ParsedCommand, parseCommand } from './parse-command.ts';

/** What the agent says of a command; all but the command itself is a claim, shown as one. */
export interface ClaimedCommand extends CommandText {
  readonly explanation: string;
  readonly safetyLevel: string | undefined;
}

export function stepsOf(commands: readonly CommandText[]): Result<readonly ChangeRequest[], Refusal> {
  const changes: ChangeRequest[] = [];
  for (const [index, text] of commands.entries()) {
    const parsed = understood(text, index + 1);
    if (!parsed.ok) return parsed;
    const { does } = parsed.value.understood;
    if (does === 'read')
      return notUnderstood(
        index + 1,
        `kubectl ${parsed.value.verb} changes nothing`,
        'Leave it out of the plan and call execute_kubectl for it; reading needs no approval.',
      );
    changes.push(...parsed.value.understood.changes);
  }
  return pass(changes);
}

/** `number`: of the command within its call, from 1. */
export function understood(text: CommandText, number: number): Result<ParsedCommand, Refusal> {
  const parsed = parseCommand(text);
  return parsed.ok ? parsed : notUnderstood(number, parsed.refusal.why, parsed.refusal.instead);
}

const notUnderstood = (command: number, why: string, instead: string): Result<never, Refusal> =>
  refuse({ code: 'request.not_understood', command, why, instead });

/** The plan's reason: what is to be done in the agent's words, and each command with its claims. Every command keeps a share of the room. */
export function reasonOf(action: string, commands: readonly ClaimedCommand[]): string {
  const lines = commands.map(({ command, explanation, safetyLevel }, index) => {
    const claim = safetyLevel === undefined ? '' : ` (the agent calls it: ${safetyLevel})`;
    return {
      head: `command ${index + 1}: `,
      body: `${command}${explanation === '' ? '' : ` - ${explanation}`}`,
      claim,
    };
  });
  const room = Math.floor(WORDS_REASON_CHARACTERS_MAX / (lines.length + 1)) - 1;
  return [
    cut(action, room),
    ...lines.map(({ head, body, claim }) => `${head}${cut(body, room - head.length - claim.length)}${claim}`),
  ].join('\n');
}

const cut = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, Math.max(0, characters - 1)).toWellFormed()}…`;

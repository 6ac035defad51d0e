/** Arguments of the tools that take kubectl commands as text. Text is parsed, never run. */
import * as z from 'zod';
import { COMMAND_CHARACTERS_MAX, EXPLANATION_CHARACTERS_MAX, SAFETY_LEVEL_CHARACTERS_MAX } from '../limits.ts';
import { manifest } from '../manifests/asked-manifests.ts';

const words = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax)
    .refine((text) => text.isWellFormed(), 'must be well-formed text');

export const command = words(COMMAND_CHARACTERS_MAX).min(1).describe('One kubectl command; -n names its namespace.');
export const stdin = manifest.describe('The manifest that -f - reads: JSON object or YAML text.').optional();

/** A bare command, or with what the agent says of it. */
const claimed = z.strictObject({
  command,
  explanation: words(EXPLANATION_CHARACTERS_MAX).default(''),
  safety_level: words(SAFETY_LEVEL_CHARACTERS_MAX)
    .describe('Your word for its danger; shown as a claim. The risk is computed.')
    .optional(),
  stdin,
});
export const claimedCommand = z.union([claimed, command]);

export const claimsOf = (item: z.infer<typeof claimedCommand>, namespace: string | undefined) =>
  typeof item === 'string'
    ? { command: item, explanation: '', safetyLevel: undefined, namespace, manifest: undefined }
    : {
        command: item.command,
        explanation: item.explanation,
        safetyLevel: item.safety_level,
        namespace,
        manifest: item.stdin,
      };

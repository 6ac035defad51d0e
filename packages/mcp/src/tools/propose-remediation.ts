import { INTENT_STEPS_MAX, WORDS_REASON_CHARACTERS_MAX } from '@countersign/approvals';
import * as z from 'zod';
import { reasonOf, stepsOf } from '../kubectl/remediation.ts';
import { SAFETY_LEVEL_CHARACTERS_MAX } from '../limits.ts';
import { claimedCommand, claimsOf } from './command-fields.ts';
import { namespace } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const proposeRemediation = defineTool({
  ...REQUEST_TOOL,
  name: 'propose_remediation',
  title: 'Propose a remediation',
  description: `Proposes kubectl commands as one ordered plan. Commands are parsed into typed steps, never run by a shell or a kubectl; one that is not understood refuses them all by its number. ${STORES_A_PLAN} Reads do not belong in it.`,
  input: z.strictObject({
    action: z
      .string()
      .trim()
      .min(1)
      .max(WORDS_REASON_CHARACTERS_MAX)
      .refine((text) => text.isWellFormed(), 'must be well-formed text')
      .describe('What it is for, for the person who decides; shown as your words.'),
    commands: z.array(claimedCommand).min(1).max(INTENT_STEPS_MAX).describe('In order.'),
    metadata: z
      .strictObject({
        severity: z.string().max(SAFETY_LEVEL_CHARACTERS_MAX).optional(),
        service: z.string().max(SAFETY_LEVEL_CHARACTERS_MAX).optional(),
        namespace: namespace.optional().describe('For commands that name none; else default.'),
      })
      .optional(),
  }),
  async execute({ action, commands, metadata }, call) {
    const claimed = commands.map((item) => claimsOf(item, metadata?.namespace));
    const changes = stepsOf(claimed);
    return changes.ok ? requestChanges(changes.value, { reason: reasonOf(action, claimed) }, call) : changes;
  },
});

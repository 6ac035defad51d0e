/** An ephemeral container is a shell beside the program: nobody reviewed what will be typed into it. */
import type { Json } from '@countersign/approvals';
import { podContainers } from './pod-containers.ts';
import { brought, type Rule } from './rule.ts';

export const ephemeralContainer: Rule = {
  code: 'ephemeral-container',
  passes: 'the plan adds no ephemeral container',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ live, after }) => ({ denials: brought(ephemeral(live), ephemeral(after)) }),
};

const ephemeral = (object: Json): readonly string[] =>
  podContainers(object)
    .filter(({ list }) => list === 'ephemeralContainers')
    .map(({ label }) => `${label} would run beside the program`);

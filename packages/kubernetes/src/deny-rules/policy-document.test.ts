/** docs/policy.md and the code say the same: every key, every rule with what enforces it, its default and its tier, and what expressions may use. */
import { readFileSync } from 'node:fs';
import {
  ALWAYS_PROTECTED_NAMESPACES,
  DENY_RULES,
  POLICY_EXPRESSION_CHARACTERS_MAX,
  policySchema,
} from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import {
  EXPRESSION_LOOPS_NESTED_MAX,
  EXPRESSION_NODES_MAX,
  EXPRESSION_STEPS_MAX,
  JUST_CHANGED_MINUTES,
  LIST_PAGE_OBJECTS,
  SURROUNDINGS_PAGES_MAX,
} from '../limits.ts';
import { somePolicy } from '../testing/objects.ts';
import { EXPRESSION_FUNCTIONS, EXPRESSION_VARIABLES } from './expressions/compile.ts';
import { RULES } from './rules.ts';

const read = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const DOCUMENT = read('docs/policy.md');
const DEPLOYED = policySchema.parse(JSON.parse(read('packages/local/policies/deployed.json')));

const section = (title: string): string => DOCUMENT.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (title: string): readonly (readonly string[])[] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const quoted = (names: readonly string[]): readonly string[] => names.map((name) => `\`${name}\``);

describe('docs/policy.md', () => {
  it('explains every key of a policy, no other, in the order of the schema', () => {
    expect(rows('Keys').map(([key]) => key)).toEqual(quoted(Object.keys(policySchema.shape)));
    for (const [key = '', says = ''] of rows('Keys')) {
      const optional =
        policySchema.shape[key.slice(1, -1) as keyof typeof policySchema.shape].safeParse(undefined).success;
      expect([key, says.startsWith('Optional. ')]).toEqual([key, optional]);
    }
    expect(section('Keys')).toContain(quoted(ALWAYS_PROTECTED_NAMESPACES).join(', '));
  });

  it('has a row for every rule, with what enforces it, what the deployed policy does with it, and its tier', () => {
    const by = { always: 'always', listed: 'listed', 'by-key': 'by key' } as const;
    expect(rows('Fixed rules').map(([code, , ...rest]) => [code, ...rest])).toEqual(
      RULES.map(({ code, enforced, otherwise, isSet }) => {
        const listed = DEPLOYED.deny.some((denied) => denied === code);
        const isOn = enforced === 'always' || (enforced === 'listed' ? listed : isSet?.(DEPLOYED) === true);
        const off = enforced === 'listed' ? 'raise' : 'off';
        return [`\`${code}\``, by[enforced], isOn ? 'deny' : off, otherwise];
      }),
    );
    for (const [code, finds = ''] of rows('Fixed rules'))
      expect([code, finds]).toEqual([code, expect.stringMatching(/^[A-Z`].{10,}\.$/)]);
  });

  it('and the schema know the same rules', () => {
    expect(RULES.filter(({ enforced }) => enforced !== 'by-key').map(({ code }) => code)).toEqual([...DENY_RULES]);
  });

  it('names the variables, functions and limits of expressions', () => {
    const said = section("The policy's own rules");
    expect(rows("The policy's own rules").map(([name]) => name)).toEqual([
      ...quoted(['deny', 'review', 'allow']),
      ...quoted(EXPRESSION_VARIABLES),
    ]);
    expect(said).toContain(`these functions alone: ${quoted(EXPRESSION_FUNCTIONS).join(', ')}.`);
    expect(said).toContain(
      `${POLICY_EXPRESSION_CHARACTERS_MAX} characters, ${EXPRESSION_NODES_MAX} nodes and ${EXPRESSION_LOOPS_NESTED_MAX} loops`,
    );
    expect(said).toContain(`${EXPRESSION_STEPS_MAX} steps`);
  });

  it('gives the numbers of the tiers and of the blast radius', () => {
    expect(section('Risk tier')).toContain(`less than ${JUST_CHANGED_MINUTES} minutes ago`);
    expect(section('Blast radius')).toContain(`${SURROUNDINGS_PAGES_MAX * LIST_PAGE_OBJECTS} objects of a kind`);
  });

  it('the policy of the tests denies what the deployed one denies', () => {
    expect(somePolicy().deny).toEqual(DEPLOYED.deny);
  });
});

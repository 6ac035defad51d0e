/** The policy's rules on a step. Every rule that may deny leaves a finding, so that the page can say how many passed; the others speak up. */
import type { Finding, Policy, RiskTier } from '@countersign/approvals';
import { SENTENCE_CHARACTERS_MAX } from '../limits.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { expressionFindings, expressionRaises } from './expressions/expression-rules.ts';
import type { Rule, RuleFacts } from './rule.ts';
import { RULES } from './rules.ts';

const isJudged = (rule: Rule, policy: Policy): boolean => rule.enforced !== 'by-key' || rule.isSet?.(policy) === true;

const denies = (rule: Rule, policy: Policy): boolean =>
  rule.enforced !== 'listed' || policy.deny.some((code) => code === rule.code);

/** Findings of one step, deny first within each rule. A rule that throws denies nothing and passes nothing: it is a fault, and propagates. */
export function findingsOf(step: number, facts: RuleFacts): readonly Finding[] {
  const fixed = RULES.filter((rule) => isJudged(rule, facts.policy)).flatMap((rule): readonly Finding[] => {
    const { denials, warnings = [] } = rule.judge(facts);
    const as = (severity: Finding['severity'], message: string): Finding => ({
      severity,
      code: rule.code,
      step,
      message: neutralise(message, SENTENCE_CHARACTERS_MAX),
    });
    const mayDeny = denies(rule, facts.policy);
    if (denials.length > 0) return denials.map((message) => as(mayDeny ? 'deny' : 'warn', message));
    if (warnings.length > 0) return warnings.map((message) => as('warn', message));
    return mayDeny ? [as('pass', rule.passes)] : [];
  });
  return [...fixed, ...expressionFindings(step, facts)];
}

export interface Raise {
  readonly tier: RiskTier;
  readonly reason: string;
}

/** What the rules find and do not deny, as the risk tier for which it asks. */
export function raisesOf(facts: RuleFacts): readonly Raise[] {
  const fixed = RULES.filter((rule) => isJudged(rule, facts.policy) && !denies(rule, facts.policy)).flatMap((rule) =>
    rule.judge(facts).denials.map((reason) => ({
      tier: rule.otherwise,
      reason: neutralise(reason, SENTENCE_CHARACTERS_MAX),
    })),
  );
  return [...fixed, ...expressionRaises(facts)];
}

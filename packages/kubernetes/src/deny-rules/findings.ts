/** The policy's deny rules on a plan. Every rule leaves a finding, so that the page can say how many passed. */
import { DENY_RULES, type DenyRule, type Finding, type Policy } from '@countersign/approvals';
import { SENTENCE_CHARACTERS_MAX } from '../limits.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { addedCapability } from './added-capability.ts';
import { containerUnknown } from './container-unknown.ts';
import { hostNamespace } from './host-namespace.ts';
import { hostPath } from './host-path.ts';
import { imageTag } from './image-tag.ts';
import { namespaceNotAllowed } from './namespace-not-allowed.ts';
import { privileged } from './privileged.ts';
import { replicasOutOfBounds } from './replicas-out-of-bounds.ts';
import type { Rule, RuleFacts } from './rule.ts';

const RULES: Readonly<Record<DenyRule, Rule>> = {
  privileged,
  'host-namespace': hostNamespace,
  'host-path': hostPath,
  'added-capability': addedCapability,
  'image-tag': imageTag,
  'namespace-not-allowed': namespaceNotAllowed,
  'replicas-out-of-bounds': replicasOutOfBounds,
  'container-unknown': containerUnknown,
};

/** No policy can switch these off: without them an allow-list would mean nothing, and a patch could add a container. */
const ALWAYS_ON: ReadonlySet<DenyRule> = new Set(['namespace-not-allowed', 'container-unknown']);

const rulesOf = (policy: Policy): readonly Rule[] =>
  DENY_RULES.filter((code) => ALWAYS_ON.has(code) || policy.deny.includes(code)).map((code) => RULES[code]);

/** Findings of one step, deny first within each rule. A rule that throws denies nothing and passes nothing: it is a fault, and propagates. */
export function findingsOf(step: number, facts: RuleFacts): readonly Finding[] {
  return rulesOf(facts.policy).flatMap((rule): readonly Finding[] => {
    const { denials, warnings = [] } = rule.judge(facts);
    const as = (severity: Finding['severity'], message: string): Finding => ({
      severity,
      code: rule.code,
      step,
      message: neutralise(message, SENTENCE_CHARACTERS_MAX),
    });
    if (denials.length > 0) return denials.map((message) => as('deny', message));
    return warnings.length > 0 ? warnings.map((message) => as('warn', message)) : [as('pass', rule.passes)];
  });
}

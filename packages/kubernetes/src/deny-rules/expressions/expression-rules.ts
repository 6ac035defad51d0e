/**
 * The policy's own rules. Three answers: true, false, and no answer (a field that is not there, types that do not fit, an object too large).
 * No answer never means "fine": a rule that denies then denies, any other sends the plan to a person as high risk.
 */
import type { Finding, Policy, PolicyRule } from '@countersign/approvals';
import { EXPRESSION_OBJECT_BYTES_MAX, EXPRESSION_STEPS_MAX, SENTENCE_CHARACTERS_MAX } from '../../limits.ts';
import { neutralise } from '../../redaction/neutralise.ts';
import { kindListed } from '../kind-names.ts';
import type { RuleFacts } from '../rule.ts';
import { compile, type Expression, type ExpressionInput } from './compile.ts';
import { celObject, celOperation, celRequester, celTarget, extentOf } from './values.ts';

const EXPRESSION_FINDING = 'policy-rule';

interface Ready {
  readonly rule: PolicyRule;
  readonly expression: Expression;
}
const compiled = new WeakMap<Policy, readonly Ready[]>();

/** Throws with a sentence that names the rule: a function with a policy that it cannot judge by must not start. */
export function checkPolicyRules(policy: Policy): void {
  rulesOf(policy);
}

function rulesOf(policy: Policy): readonly Ready[] {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const ready = (policy.rules ?? []).map((rule, at) => {
    const expression = compile(rule.expression);
    if ('fault' in expression) {
      throw new Error(
        `policy "${policy.name}" cannot be used: rules.${at}.expression (${rule.name}): ${expression.fault}`,
      );
    }
    return { rule, expression };
  });
  compiled.set(policy, ready);
  return ready;
}

type Answer = 'true' | 'false' | { readonly unanswered: string };
interface Answered {
  readonly rule: PolicyRule;
  readonly answer: Answer;
}

/** Nothing before the object was read: then an expression would speak of nothing. */
function answersOf(facts: RuleFacts): readonly Answered[] {
  const { live, after, target, operation } = facts;
  if (live === null && after === null) return [];
  const asked = rulesOf(facts.policy).filter(
    ({ rule }) =>
      (rule.kinds === undefined || kindListed(rule.kinds, target)) &&
      (rule.namespaces === undefined || rule.namespaces.includes(target.namespace)) &&
      (rule.operations === undefined || rule.operations.includes(operation.type)),
  );
  if (asked.length === 0) return [];
  const extent = extentOf([live, after]);
  if (extent.bytes > 2 * EXPRESSION_OBJECT_BYTES_MAX) {
    return asked.map(({ rule }) => ({ rule, answer: { unanswered: 'the object is too large' } }));
  }
  const input: ExpressionInput = {
    object: celObject(after),
    oldObject: celObject(live),
    operation: celOperation(operation),
    target: celTarget(target),
    requester: celRequester(facts.requester),
  };
  return asked.map(({ rule, expression }) => ({ rule, answer: answerOf(expression, input, extent) }));
}

function answerOf(expression: Expression, input: ExpressionInput, extent: ReturnType<typeof extentOf>): Answer {
  const longest = Math.max(extent.longest, 1) * (expression.joins + 1);
  const steps = expression.nodes * longest ** expression.loopsNested * Math.max(1, extent.bytes / 1024);
  if (steps > EXPRESSION_STEPS_MAX) return { unanswered: 'the object is too large' };
  try {
    const value = expression.evaluate(input);
    if (value === true) return 'true';
    return value === false ? 'false' : { unanswered: 'it gives no yes or no' };
  } catch {
    // The library's words may quote the object.
    return { unanswered: 'it asks for a field that is not there, or compares what cannot be compared' };
  }
}

export function expressionFindings(step: number, facts: RuleFacts): readonly Finding[] {
  return answersOf(facts).map(({ rule, answer }) => ({
    severity: severityOf(rule, answer),
    code: EXPRESSION_FINDING,
    step,
    message: neutralise(sentenceOf(rule, answer), SENTENCE_CHARACTERS_MAX),
  }));
}

function severityOf({ effect }: PolicyRule, answer: Answer): Finding['severity'] {
  if (answer === 'false') return 'pass';
  if (effect === 'deny') return 'deny';
  return answer === 'true' && effect === 'allow' ? 'pass' : 'warn';
}

function sentenceOf({ name, message, effect }: PolicyRule, answer: Answer): string {
  if (answer === 'true') return `${name}: ${message}`;
  if (answer === 'false') return `${name} finds nothing`;
  return `${name} gives no answer (${answer.unanswered})${effect === 'deny' ? ', and a rule that denies then denies' : ''}: ${message}`;
}

/** A plan that a rule sends to a person, because it says so or because it gives no answer. */
export const expressionRaises = (facts: RuleFacts): readonly { readonly tier: 'high'; readonly reason: string }[] =>
  answersOf(facts)
    .filter(({ rule, answer }) => severityOf(rule, answer) === 'warn')
    .map(({ rule, answer }) => ({
      tier: 'high',
      reason: neutralise(sentenceOf(rule, answer), SENTENCE_CHARACTERS_MAX),
    }));

/** Whether a rule of the policy says that it knows what no fixed rule knows. It lowers nothing else. */
export const knownByPolicy = (facts: RuleFacts): boolean =>
  answersOf(facts).some(({ rule, answer }) => rule.effect === 'allow' && answer === 'true');

import type { Json, PolicyRule } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { deniedBy, type RuleCase, raisedBy, remove, ruleFacts, workload } from '../../testing/rule-cases.ts';
import { findingsOf } from '../findings.ts';
import { checkPolicyRules, knownByPolicy } from './expression-rules.ts';

const rule = (expression: string, over: Partial<PolicyRule> = {}): PolicyRule => ({
  name: 'one',
  effect: 'deny',
  message: 'because',
  expression,
  ...over,
});
const using = (rules: readonly PolicyRule[], of: RuleCase = {}): RuleCase => ({
  live: workload(),
  after: workload(),
  ...of,
  policy: { deny: [], rules: [...rules] },
});
const denied = (expression: string, of: RuleCase = {}) => deniedBy(using([rule(expression)], of));
const findings = (rules: readonly PolicyRule[], of: RuleCase = {}) =>
  findingsOf(1, ruleFacts(using(rules, of))).filter(({ code }) => code === 'policy-rule');

describe('a rule of the policy’s own', () => {
  it.each([
    'object.spec.replicas == 2',
    'object.spec.template.spec.containers.exists(c, c.image.startsWith("a:"))',
    'object == oldObject',
    'operation.type == "apply"',
    'target.kind == "Deployment" && target.group == "apps" && target.namespace == "shop"',
    'object.metadata.?annotations.?owner.orValue("nobody") == "nobody"',
    '!has(object.spec.paused)',
  ])('denies where %s', (expression) => {
    expect(denied(expression)).toEqual(['policy-rule']);
    expect(denied(`!(${expression})`)).toEqual([]);
  });

  it('knows who asks', () => {
    const requester = { kind: 'planner', id: 'planner', display: 'p', owner: null } as const;
    expect(denied('requester.kind == "planner"', { requester })).toEqual(['policy-rule']);
    expect(denied('requester.kind == "agent"', { requester })).toEqual([]);
  });

  it('speaks only of the kinds, namespaces and operations that it names', () => {
    const only = (over: Partial<PolicyRule>) => deniedBy(using([rule('true', over)]));
    expect(only({ kinds: ['deployments.apps'], namespaces: ['shop'], operations: ['apply'] })).toEqual(['policy-rule']);
    expect(only({ kinds: ['pods'] })).toEqual([]);
    expect(only({ namespaces: ['payments'] })).toEqual([]);
    expect(only({ operations: ['delete'] })).toEqual([]);
  });

  it('sees no object of a delete and no old object of a create', () => {
    const deletes = rule('object == null && oldObject.spec.replicas == 2', { operations: ['delete'] });
    expect(deniedBy(using([deletes], { operation: remove, after: null }))).toEqual(['policy-rule']);
    expect(denied('oldObject == null', { live: null })).toEqual(['policy-rule']);
  });

  it('is not asked before there is an object', () => {
    expect(denied('true', { live: null, after: null })).toEqual([]);
  });

  it('that reviews sends the plan to a person as high risk', () => {
    const rules = [rule('true', { effect: 'review' })];
    expect(findings(rules)).toEqual([{ severity: 'warn', code: 'policy-rule', step: 1, message: 'one: because' }]);
    expect(raisedBy(using(rules))).toEqual([{ tier: 'high', reason: 'one: because' }]);
    expect(raisedBy(using([rule('false', { effect: 'review' })]))).toEqual([]);
  });

  it('that allows says that the policy knows the change, and takes no denial away', () => {
    const allow = rule('true', { name: 'two', effect: 'allow' });
    expect(knownByPolicy(ruleFacts(using([allow])))).toBe(true);
    expect(knownByPolicy(ruleFacts(using([rule('false', { effect: 'allow' })])))).toBe(false);
    expect(deniedBy(using([rule('true'), allow]))).toEqual(['policy-rule']);
    expect(
      deniedBy({ ...using([allow]), policy: { deny: ['privileged'], rules: [allow] }, after: privileged }),
    ).toEqual(['privileged']);
  });
  const privileged = workload({ containers: [{ name: 'c', image: 'a:1', securityContext: { privileged: true } }] });
});

describe('a rule that gives no answer', () => {
  const unanswered: readonly string[] = [
    'object.spec.nothing == 1',
    'object.metadata.name > 3',
    'object.spec.replicas',
    'object.spec.replicas + 9223372036854775807 > 0',
    'requester.kind == "agent"',
    'object.spec.template.spec.containers[7].name == "x"',
  ];
  it.each(unanswered)('(%s) denies where it would deny', (expression) => {
    expect(denied(expression)).toEqual(['policy-rule']);
  });
  it.each(unanswered)('(%s) asks a person, as high risk, where it would review or allow', (expression) => {
    for (const effect of ['review', 'allow'] as const) {
      const rules = [rule(expression, { effect })];
      expect(deniedBy(using(rules))).toEqual([]);
      expect(raisedBy(using(rules))).toEqual([{ tier: 'high', reason: expect.stringContaining('gives no answer') }]);
      expect(knownByPolicy(ruleFacts(using(rules)))).toBe(false);
    }
  });
  it('quotes nothing of the object', () => {
    const live = workload({ containers: [{ name: 'canary-name', image: 'a:1' }] });
    const [finding] = findings([rule('object.spec.template.spec.containers[0].name > 3')], { live, after: live });
    expect(finding?.message).not.toContain('canary');
  });
});

describe('an expression reaches nothing but what it is given', () => {
  it.each([
    ['process.exit(1)', 'exit is not offered'],
    ['globalThis == 1', 'Unknown variable'],
    ['object.constructor("x")', 'constructor is not offered'],
    ['object.metadata.name.matches("(a+)+$")', 'matches is not offered'],
    ['cel.bind(a, "x" + "x", a + a) == ""', 'bind is not offered'],
    ['timestamp("2026-01-01T00:00:00Z") == null', 'timestamp is not offered'],
    ['object.l.all(a, object.l.all(b, object.l.all(c, true)))', 'more than 2 loops'],
    ['((', 'Unexpected token'],
    ['"yes"', 'it gives string'],
    ['1 + "a" == 2', 'no such overload'],
    [`${'1 + '.repeat(400)}1 == 2`, 'Exceeded'],
  ])('%s stops the start', (expression, fault) => {
    const { policy } = ruleFacts(using([rule('true', { name: 'fine' }), rule(expression)]));
    expect(() => checkPolicyRules(policy)).toThrow(/policy "test" cannot be used: rules\.1\.expression \(one\): /);
    expect(() => checkPolicyRules(policy)).toThrow(fault);
  });

  it.each([
    'object.constructor == 1',
    'object.__proto__ == 1',
    'object.metadata.toString == 1',
    'object["constructor"] == 1',
  ])('%s is a field that is not there', (expression) => {
    expect(findings([rule(expression)])[0]?.message).toContain('gives no answer');
  });

  it('not even by a field of that name', () => {
    const after: Json = JSON.parse('{"kind":"Deployment","metadata":{},"__proto__":{"polluted":true}}');
    expect(denied('has(object.polluted)', { after })).toEqual([]);
    expect(denied('object.__proto__.polluted', { after })).toEqual(['policy-rule']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('nor a value that reviewers are not shown, in raw or in shown form', () => {
    const withValue = (value: Json): Json =>
      workload({ containers: [{ name: 'c', image: 'a:1', env: [{ name: 'DB_PASSWORD', value }] }] });
    const guess = (value: string) => `object.spec.template.spec.containers[0].env[0].value == "${value}"`;
    const shown = withValue({ 'countersign.dev/redacted': `sha256:${'0'.repeat(64)}` });
    for (const after of [withValue('canary'), shown]) {
      expect(denied(guess('canary'), { after })).toEqual([]);
      expect(denied(guess('(hidden)'), { after })).toEqual(['policy-rule']);
    }
  });
});

describe('an expression costs a bounded time', () => {
  const list = (length: number): Json => ({ kind: 'X', spec: { l: Array.from({ length }, (_, at) => `s${at}`) } });
  const square = 'object.spec.l.all(a, object.spec.l.all(b, a != b || true))';

  it('whatever an agent puts into the object: too large is no answer, at once', () => {
    for (const after of [list(20_000), { kind: 'X', spec: { l: ['x'.repeat(3_000_000)] } }] as Json[]) {
      const before = performance.now();
      const [finding] = findings([rule(square, { effect: 'review' })], { live: null, after });
      expect(finding?.message).toContain('the object is too large');
      expect(performance.now() - before).toBeLessThan(2_000);
    }
  });

  it('and objects of an ordinary size are judged', () => {
    expect(denied(square, { after: list(60) })).toEqual(['policy-rule']);
  });
});

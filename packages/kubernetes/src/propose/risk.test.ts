import type { Change, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { scaleEntry, someDeployment } from '../testing/objects.ts';
import { type RiskFacts, riskOf } from './risk.ts';

const around = { services: [], autoscalers: [], disruptionBudgets: [] };
const risk = (operation: Operation, over: Partial<RiskFacts> = {}) =>
  riskOf({ operation, live: someDeployment(), changes: [], rawCut: false, around, ...over });
const restart: Operation = { type: 'restart', restartedAt: '2026-11-20T10:00:00Z' };
const scale = (replicas: number): Operation => ({ type: 'scale', replicas });
const unclassified: Change = { label: 'x', path: '/x', kind: 'changed', from: 'a', to: 'b', meaning: 'unclassified' };

describe('riskOf', () => {
  it.each([
    [restart, 'low'],
    [scale(3), 'low'],
    [scale(1), 'medium'],
    [scale(0), 'high'],
    [{ type: 'set-image', container: 'web', image: 'a:1' }, 'medium'],
  ] as [Operation, string][])('%j is %s', (operation, tier) => {
    expect(risk(operation).tier).toBe(tier);
  });

  it.each([
    ['a field that nobody asked for', { changes: [unclassified] }],
    ['a diff that is too long to show', { rawCut: true }],
    [
      'a strategy that stops all pods first',
      {
        live: someDeployment((d) => {
          d.spec.strategy = { type: 'Recreate' };
        }),
      },
    ],
  ] as [string, Partial<RiskFacts>][])('%s keeps a restart from the low tier, and says why', (_what, over) => {
    const { tier, reasons } = risk(restart, over);
    expect(tier).toBe('medium');
    expect(reasons).toHaveLength(1);
  });

  it('scaling what an autoscaler owns is high, by the object or by its surroundings', () => {
    expect(risk(scale(3), { around: { ...around, autoscalers: [{ name: 'web', min: 1, max: 9 }] } }).tier).toBe('high');
    expect(
      risk(scale(3), {
        live: someDeployment((d) => {
          d.metadata.managedFields.push(scaleEntry);
        }),
      }).tier,
    ).toBe('high');
    expect(risk(restart, { around: { ...around, autoscalers: [{ name: 'web', min: 1, max: 9 }] } }).tier).toBe('low');
  });

  it('gives the reasons of its tier alone', () => {
    expect(risk(scale(0), { changes: [unclassified] })).toEqual({ tier: 'high', reasons: ['stops the workload'] });
  });
});

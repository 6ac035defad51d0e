import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { approvalRuleFor, policySet, type Requester, RISK_TIERS } from '@countersign/approvals';
import { expect, test } from 'vitest';
import { createTemporaryData } from '../contract/temporary-data.ts';
import { clusterPolicy, keepClusterPolicy } from './cluster-policy.ts';

test('asks for a passkey for every requester and tier, in the namespaces that were handed over alone', () => {
  const policy = clusterPolicy(['a', 'b'], 1);
  expect(policySet(policy).deployed).toEqual(policy);
  expect(policy.namespaces).toEqual(['a', 'b']);
  for (const { namespaces } of policy.bindings) expect(namespaces).toEqual(['a', 'b']);
  for (const tier of RISK_TIERS)
    for (const kind of ['person', 'agent', 'service', 'planner'] as const) {
      const requester = { id: 'x', kind, display: 'x', owner: 'y' } as unknown as Requester;
      expect(approvalRuleFor(policy, requester, tier)?.passkey).toBe(true);
    }
});

test('stays what it is while the namespaces stay, and is kept beside its successor when they change', () => {
  const temporary = createTemporaryData();
  const data = temporary.open();
  const directory = keepClusterPolicy(data, ['a']);
  const deployed = (): string => readFileSync(join(directory, 'deployed.json'), 'utf8');
  const first = deployed();
  keepClusterPolicy(data, ['a']);
  expect(deployed()).toBe(first);
  keepClusterPolicy(data, ['a', 'b']);
  keepClusterPolicy(data, ['a']);
  expect(JSON.parse(deployed())).toMatchObject({ version: 3, namespaces: ['a'] });
  expect(readdirSync(directory).sort()).toEqual(['deployed.json', 'earlier-1.json', 'earlier-2.json']);
  expect(readFileSync(join(directory, 'earlier-1.json'), 'utf8')).toBe(first);
  temporary.remove();
});

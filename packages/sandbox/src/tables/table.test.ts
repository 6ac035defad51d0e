import { describe, expect, it } from 'vitest';
import { resourceTable } from '../resources/resource-table.ts';
import type { KubeObject } from '../store/object-store.ts';
import { humanDuration, since } from './column.ts';
import { columnsOf } from './columns.ts';

const now = new Date('2026-01-01T01:00:00Z');
const metadata = {
  name: 'x',
  namespace: 'shop',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
const cell = (resource: string, column: string, object: Record<string, unknown>) => {
  const known = resourceTable.find(({ key }) => key === resource);
  const found = known === undefined ? undefined : columnsOf(known).find((one) => one.name === column);
  return found?.cell({ apiVersion: 'v1', kind: 'X', metadata, ...object } as KubeObject, now);
};

const pod = (...states: unknown[]) => ({
  spec: { containers: states.map((_state, index) => ({ name: `c${index}` })) },
  status: { phase: 'Running', containerStatuses: states },
});

describe('the columns of a table', () => {
  it.each([
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [185, '3m5s'],
    [600, '10m'],
    [3 * 3_600, '3h'],
    [3 * 3_600 + 60, '3h1m'],
    [9 * 3_600, '9h'],
    [50 * 3_600, '2d2h'],
    [9 * 86_400, '9d'],
    [800 * 86_400, '2y70d'],
  ])('write %i seconds as %s', (seconds, text) => {
    expect(humanDuration(seconds)).toBe(text);
  });

  it('write an age from a time, and say where there is none', () => {
    expect(since('2026-01-01T00:00:00Z', now)).toBe('60m');
    expect(since('2027-01-01T00:00:00Z', now)).toBe('0s');
    expect(since(undefined, now)).toBe('<unknown>');
  });

  it('tell a pod’s trouble rather than its phase', () => {
    const waiting = {
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      restartCount: 3,
      lastState: { terminated: { finishedAt: '2026-01-01T00:59:00Z' } },
    };
    const running = { ready: true, state: { running: {} }, restartCount: 0 };
    expect(cell('pods', 'Status', pod(waiting, running))).toBe('CrashLoopBackOff');
    expect(cell('pods', 'Ready', pod(waiting, running))).toBe('1/2');
    expect(cell('pods', 'Restarts', pod(waiting, running))).toBe('3 (60s ago)');
    expect(cell('pods', 'Status', pod({ state: { terminated: { exitCode: 137 } } }))).toBe('ExitCode:137');
    expect(cell('pods', 'Status', pod({ state: { terminated: { reason: 'Completed' } } }, running))).toBe('Running');
    expect(
      cell('pods', 'Status', { ...pod(running), metadata: { ...metadata, deletionTimestamp: '2026-01-01T01:00:00Z' } }),
    ).toBe('Terminating');
  });

  it('shorten long lists of endpoints and ports', () => {
    const endpoints = ['a', 'b', 'c', 'd', 'e'].map((address) => ({ addresses: [address] }));
    expect(cell('endpointslices.discovery.k8s.io', 'Endpoints', { endpoints })).toBe('a,b,c + 2 more...');
    expect(cell('services', 'Port(s)', { spec: { ports: [{ port: 80, nodePort: 30_000, protocol: 'TCP' }] } })).toBe(
      '80:30000/TCP',
    );
    expect(cell('services', 'External-IP', { spec: { type: 'LoadBalancer' } })).toBe('<pending>');
  });

  it('tell how far a Job is, and what an autoscaler, a budget and a claim have', () => {
    const failed = {
      conditions: [{ type: 'Failed', status: 'True' }],
      startTime: '2026-01-01T00:58:00Z',
      succeeded: 1,
    };
    const job = { spec: { completions: 3 }, status: failed };
    expect(['Status', 'Completions', 'Duration'].map((column) => cell('jobs.batch', column, job))).toEqual([
      'Failed',
      '1/3',
      '2m',
    ]);
    const cpu = (target: object) => ({ type: 'Resource', resource: { name: 'cpu', target } });
    const autoscaler = {
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, metrics: [cpu({ averageUtilization: 80 })] },
      status: { currentMetrics: [{ resource: { name: 'cpu', current: { averageUtilization: 35 } } }] },
    };
    expect(cell('horizontalpodautoscalers.autoscaling', 'Targets', autoscaler)).toBe('cpu: 35%/80%');
    expect(cell('poddisruptionbudgets.policy', 'Max Unavailable', { spec: { minAvailable: 1 } })).toBe('N/A');
    const claim = { status: { phase: 'Bound', accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] } };
    expect(cell('persistentvolumeclaims', 'Access Modes', claim)).toBe('RWO,ROX');
  });
});

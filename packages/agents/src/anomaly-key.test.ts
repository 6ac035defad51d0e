import { describe, expect, it } from 'vitest';
import { ANOMALY_KEY_PATTERN, anomalyKey } from './anomaly-key.ts';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'uid-1' };
const of = { cluster: 'main', category: 'PodUnhealthy', cause: 'image-pull', target } as const;

describe('the key of an anomaly', () => {
  it('is ano_ and 32 hex digits of the published digest', () => {
    expect(anomalyKey(of)).toMatch(ANOMALY_KEY_PATTERN);
    // printf 'countersign.dev/anomaly/v1\n{"category":"PodUnhealthy","cause":"image-pull","cluster":"main","target":"Deployment.apps/shop/web"}' | sha256sum
    expect(anomalyKey(of)).toBe('ano_546d84c8bf3e0709bca72d2992178a46');
  });

  it('stays the same when the object is deleted and made again, or served in another version', () => {
    expect(anomalyKey({ ...of, target: { ...target, uid: 'uid-2' } })).toBe(anomalyKey(of));
    expect(anomalyKey({ ...of, target: { ...target, apiVersion: 'apps/v2' } })).toBe(anomalyKey(of));
  });

  it.each([
    ['cluster', { ...of, cluster: 'other' }],
    ['category', { ...of, category: 'DeploymentUnavailable' } as const],
    ['cause', { ...of, cause: 'crash-loop' }],
    ['name', { ...of, target: { ...target, name: 'api' } }],
    ['namespace', { ...of, target: { ...target, namespace: 'other' } }],
    ['kind', { ...of, target: { ...target, kind: 'StatefulSet' } }],
  ])('is another for another %s', (_, other) => {
    expect(anomalyKey(other)).not.toBe(anomalyKey(of));
  });
});

import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { isAllocated, isApiDefault } from './api-defaults.ts';

const at = (path: string): readonly string[] => path.split('/');

describe('a default of the API server', () => {
  it.each<[string, string, Json]>([
    ['Service', 'spec/ports/0/protocol', 'TCP'],
    ['Service', 'spec/type', 'ClusterIP'],
    ['Deployment', 'spec/template/spec/containers/1/terminationMessagePolicy', 'File'],
    ['Deployment', 'spec/template/spec/initContainers/0/resources', {}],
    ['Deployment', 'spec/template/spec/containers/0/livenessProbe/httpGet/scheme', 'HTTP'],
    ['CronJob', 'spec/jobTemplate/spec/template/spec/dnsPolicy', 'ClusterFirst'],
  ])('of a %s: %s', (kind, path, value) => {
    expect(isApiDefault(kind, at(path), value)).toBe(true);
  });

  it.each<[string, string, Json]>([
    ['Service', 'spec/type', 'LoadBalancer'],
    ['Service', 'spec/ports/0/protocol', 'UDP'],
    ['Service', 'spec/externalIPs/0', '10.0.0.1'],
    ['Deployment', 'spec/replicas', 2],
    ['Deployment', 'spec/template/spec/securityContext', { runAsUser: 0 }],
    ['Deployment', 'spec/template/spec/hostNetwork', false],
    ['Deployment', 'spec/template/spec/containers/0/securityContext', {}],
    ['Deployment', 'spec/template/spec/serviceAccountName', 'default'],
    ['Deployment', 'spec/template/spec/volumes/0/name', 'kube-api-access'],
    ['ConfigMap', 'spec/type', 'ClusterIP'],
    ['Unheard', 'spec/replicas', 1],
    ['Deployment', '__proto__/x', 1],
  ])('is not, of a %s: %s with another value or at another place', (kind, path, value) => {
    expect(isApiDefault(kind, at(path), value)).toBe(false);
  });

  it('is something else than what is allocated anew each time', () => {
    expect(isAllocated(at('metadata/uid'))).toBe(true);
    expect(isAllocated(at('spec/clusterIPs/0'))).toBe(true);
    expect(isAllocated(at('metadata/ownerReferences/0/uid'))).toBe(false);
  });
});

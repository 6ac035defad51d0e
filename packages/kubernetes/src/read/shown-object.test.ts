import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { shownObject } from './shown-object.ts';

/** Looks like nothing: no pattern would know it. */
const CANARY = 'canaryvalue7';
const shown = (object: Json, detail: 'concise' | 'detailed' = 'detailed'): string =>
  JSON.stringify(shownObject(object, detail));

const container = {
  name: 'app',
  image: 'nginx:1.27',
  env: [
    { name: 'PLAIN', value: CANARY },
    { name: 'FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
  ],
  args: ['--db-password', CANARY, '--verbose'],
};
const template = { metadata: { annotations: { note: CANARY } }, spec: { containers: [container] } };

describe('shownObject', () => {
  it.each([
    ['a Pod', { kind: 'Pod', spec: { containers: [container], initContainers: [container] } }],
    ['a Deployment', { kind: 'Deployment', spec: { template } }],
    ['a CronJob', { kind: 'CronJob', spec: { jobTemplate: { spec: { template } } } }],
    ['a PodTemplate', { kind: 'PodTemplate', template }],
    ['a ControllerRevision', { kind: 'ControllerRevision', data: { spec: { template } } }],
    ['a List of them', { kind: 'List', items: [{ kind: 'Deployment', spec: { template } }] }],
    ['a custom kind that embeds one', { kind: 'Rollout', spec: { workload: { deeper: [{ template }] } } }],
    ['a ConfigMap', { kind: 'ConfigMap', data: { FREE: CANARY }, binaryData: { raw: CANARY } }],
    [
      'something that embeds a Secret',
      { kind: 'Bundle', spec: { objects: [{ kind: 'Secret', data: { a: CANARY }, stringData: { b: CANARY } }] } },
    ],
    [
      'a chart release',
      { kind: 'HelmRelease', spec: { values: { deep: { password: CANARY } }, valuesContent: CANARY } },
    ],
    ['parameters', { kind: 'Application', spec: { source: { helm: { parameters: [{ name: 'x', value: CANARY }] } } } }],
    [
      'a field that is named so',
      { kind: 'Database', spec: { adminPassword: CANARY, apiKey: CANARY, users: [{ token: CANARY }] } },
    ],
    [
      'what was last applied',
      { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': CANARY } } },
    ],
    ['managed fields', { metadata: { managedFields: [{ fieldsV1: { [CANARY]: {} } }] } }],
    ['annotations wherever they are', { kind: 'X', spec: { podMetadata: { annotations: { a: CANARY } } } }],
    ['a key block', { spec: { text: '-----BEGIN RSA PRIVATE KEY-----\nabc' } }],
  ])('shows no value of %s', (_what, object) => {
    for (const detail of ['concise', 'detailed'] as const) {
      const text = shown(object as Json, detail);
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain('BEGIN RSA');
    }
  });

  it('says where something is hidden, and of what a variable is made', () => {
    const pod = { spec: { containers: [container] } };
    expect(shownObject(pod, 'concise')).toMatchObject({
      spec: { containers: [{ image: 'nginx:1.27', env: ['PLAIN', 'FROM from secretKeyRef db'] }] },
    });
    expect(shownObject(pod, 'detailed')).toMatchObject({
      spec: {
        containers: [
          {
            env: [
              { name: 'PLAIN', value: expect.stringMatching(/^\[redacted: /) },
              { name: 'FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            ],
          },
        ],
      },
    });
    expect(shownObject({ data: { A: 'four', B: '' } }, 'concise')).toEqual({
      data: { A: '[redacted: 4 bytes]', B: '[redacted: 0 bytes]' },
    });
  });

  it('keeps what only points at a secret, and what a rule is made of', () => {
    const object = {
      spec: {
        tls: [{ secretName: 'web-tls' }],
        imagePullSecrets: [{ name: 'registry' }],
        tokenExpirationSeconds: 3600,
        selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
        tolerations: [{ key: 'gpu', value: 'yes' }],
      },
    };
    expect(shownObject(object, 'concise')).toEqual(object);
  });

  it('leaves the bookkeeping of the API server out', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true };
    const metadata = {
      name: 'x',
      uid: 'u',
      resourceVersion: '1',
      selfLink: '/',
      managedFields: [],
      ownerReferences: [owner],
    };
    expect(shownObject({ metadata }, 'detailed')).toEqual({
      metadata: { name: 'x', ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', controller: true }] },
    });
  });

  it('is bounded however deep, long and wide an object is', () => {
    let deep: Json = 'end';
    for (let at = 0; at < 5_000; at += 1) deep = { a: deep };
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}`, at]));
    const object = { deep, wide, long: Array.from({ length: 5_000 }, (_, at) => at), text: 'x'.repeat(2_000_000) };
    const text = shown(object);
    expect(text.length).toBeLessThan(10_000);
    expect(text).toContain('[4800 more]');
    expect(text).toContain('[deeper than shown]');
  });

  it('makes hidden characters visible in keys as in values', () => {
    expect(shown({ spec: { 'a\u202eb': 'c\u200bd' } })).toBe('{"spec":{"a\\\\u{202e}b":"c\\\\u{200b}d"}}');
  });

  it('keeps a member that is called __proto__ a member', () => {
    expect(shown(JSON.parse('{"spec":{"__proto__":{"a":1}}}') as Json)).toBe('{"spec":{"__proto__":{"a":1}}}');
  });
});

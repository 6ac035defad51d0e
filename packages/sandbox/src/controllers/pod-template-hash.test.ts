import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodTemplate } from './kinds.ts';
import { podTemplateHash, sameTemplate } from './pod-template-hash.ts';

const template: PodTemplate = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx:1.27-alpine' }] },
};

describe('pod template hash', () => {
  it('does not change with the order of members, or with null and empty ones', () => {
    const sameMeaning = {
      spec: { containers: [{ image: 'nginx:1.27-alpine', name: 'web', resources: {}, env: [] }] },
      metadata: { creationTimestamp: null, labels: { app: 'web' } },
    } as unknown as PodTemplate;
    expect(sameTemplate(template, sameMeaning)).toBe(true);
    expect(podTemplateHash(sameMeaning)).toBe(podTemplateHash(template));
  });

  it('leaves its own label out, so that a ReplicaSet is found again by its template', () => {
    const labelled = { ...template, metadata: { labels: { app: 'web', 'pod-template-hash': 'abc' } } };
    expect(sameTemplate(template, labelled)).toBe(true);
  });

  it('tells templates apart that differ in an image, an annotation or the order of containers', () => {
    const sidecar = { name: 'side', image: 'sidecar:1' };
    const [web] = template.spec.containers;
    const others: PodTemplate[] = [
      { ...template, spec: { containers: [{ name: 'web', image: 'nginx:1.26-alpine' }] } },
      { ...template, metadata: { ...template.metadata, annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } },
      { ...template, spec: { containers: [sidecar, ...(web === undefined ? [] : [web])] } },
    ];
    for (const other of others) expect(sameTemplate(template, other)).toBe(false);
  });

  it('is always a safe part of a name, and another one after a collision', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(20), (image, collision) => {
        const some: PodTemplate = { metadata: {}, spec: { containers: [{ name: 'web', image }] } };
        expect(podTemplateHash(some, collision)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
      }),
    );
    expect(podTemplateHash(template, 1)).not.toBe(podTemplateHash(template, 0));
  });
});

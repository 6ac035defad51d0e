import { describe, expect, it } from 'vitest';
import { imageId, imageReference } from './image-reference.ts';

describe('image reference', () => {
  it('is what the container runtime makes of a short name', () => {
    expect(imageReference('nginx:1.27-alpine')).toBe('docker.io/library/nginx:1.27-alpine');
    expect(imageReference('bitnami/redis')).toBe('docker.io/bitnami/redis:latest');
    expect(imageReference('ghcr.io/countersign/shop-api:1.4.2')).toBe('ghcr.io/countersign/shop-api:1.4.2');
    expect(imageReference('localhost/api')).toBe('localhost/api:latest');
  });

  it('does not take the port of a registry for a tag', () => {
    expect(imageReference('registry:5000/api')).toBe('registry:5000/api:latest');
    expect(imageId('registry:5000/api:1')).toMatch(/^registry:5000\/api@sha256:[0-9a-f]{64}$/);
  });

  it('keeps a digest, and names an image by its repository without tag and digest', () => {
    const pinned = `ghcr.io/countersign/api@sha256:${'a'.repeat(64)}`;
    expect(imageReference(pinned)).toBe(pinned);
    expect(imageId(pinned)).toMatch(/^ghcr\.io\/countersign\/api@sha256:[0-9a-f]{64}$/);
  });
});

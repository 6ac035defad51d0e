import { describe, expect, it } from 'vitest';
import { requestTarget } from './api-request.ts';

const base = new URL('https://host:6443');

describe('requestTarget', () => {
  it('encodes each segment on its own, so that a name stays a name', () => {
    expect(requestTarget(base, { path: ['api', 'v1', 'namespaces', 'a/../b?x=1#y', 'pods'] })).toBe(
      '/api/v1/namespaces/a%2F..%2Fb%3Fx%3D1%23y/pods',
    );
  });

  it('encodes the query and leaves absent values out', () => {
    expect(requestTarget(base, { path: ['x'], query: { a: 'b&c=d', e: undefined } })).toBe('/x?a=b%26c%3Dd');
  });

  it("keeps the server's own base path", () => {
    expect(requestTarget(new URL('https://host/k8s/clusters/c1'), { path: ['version'] })).toBe(
      '/k8s/clusters/c1/version',
    );
  });

  it.each(['', '.', '..'])('refuses the segment %j, which a URL parser would fold away', (segment) => {
    expect(() => requestTarget(base, { path: ['api', segment] })).toThrow('a path segment must name something');
  });
});

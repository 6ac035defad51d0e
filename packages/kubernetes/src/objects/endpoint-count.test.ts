import { describe, expect, it } from 'vitest';
import { countEndpoints } from './endpoint-count.ts';
import type { EndpointSlice } from './wire.ts';

const slice = (service: string, endpoints: readonly object[], addressType = 'IPv4'): EndpointSlice =>
  ({
    metadata: { labels: { 'kubernetes.io/service-name': service } },
    addressType,
    endpoints,
  }) as unknown as EndpointSlice;
const pod = (uid: string, ready?: boolean) => ({
  addresses: [`10.0.0.${uid}`],
  targetRef: { uid },
  ...(ready === undefined ? {} : { conditions: { ready } }),
});

describe('countEndpoints', () => {
  it('counts the ready ones of its own Service, over all its slices', () => {
    const slices = [
      slice('web', [pod('1', true), pod('2', false)]),
      slice('web', [pod('3', true)]),
      slice('api', [pod('4', true)]),
    ];
    expect(countEndpoints('web', slices)).toEqual({ ready: 2, total: 3 });
  });

  it('counts a pod with an address in each family once', () => {
    expect(countEndpoints('web', [slice('web', [pod('1', true)]), slice('web', [pod('1', true)], 'IPv6')])).toEqual({
      ready: 1,
      total: 1,
    });
  });

  it('takes an unknown condition for ready, as the API says', () => {
    expect(countEndpoints('web', [slice('web', [pod('1')])])).toEqual({ ready: 1, total: 1 });
  });

  it('counts addresses that are no pods', () => {
    expect(
      countEndpoints('web', [slice('web', [{ addresses: ['192.0.2.1'] }, { addresses: ['192.0.2.2'] }])]).total,
    ).toBe(2);
  });

  it('is nothing where there is no slice, or one without endpoints', () => {
    expect(countEndpoints('web', [])).toEqual({ ready: 0, total: 0 });
    expect(countEndpoints('web', [slice('web', [])])).toEqual({ ready: 0, total: 0 });
  });
});

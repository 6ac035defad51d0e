/** An issuer's public keys: fetched from the configured address alone, cached, refreshed within bounds. */
import { type Clock, Unavailable } from '@countersign/approvals';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import {
  KEY_SET_AGE_SECONDS_MAX,
  KEY_SET_BYTES_MAX,
  KEY_SET_FAILURE_PAUSE_SECONDS,
  KEY_SET_REFRESH_SECONDS_MIN,
  KEY_SET_TIMEOUT_MILLISECONDS,
} from './limits.ts';

/** `jku` and `x5u` of a token are never followed (RFC 8725 section 3.10). Throws Unavailable when the issuer does not answer. */
export function remoteKeySet(jwksUri: string, fetchKeys: typeof fetch, clock: Clock): JWTVerifyGetKey {
  let pausedUntil = 0;
  return createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: KEY_SET_TIMEOUT_MILLISECONDS,
    cooldownDuration: KEY_SET_REFRESH_SECONDS_MIN * 1000,
    cacheMaxAge: KEY_SET_AGE_SECONDS_MAX * 1000,
    [customFetch]: async (url, options) => {
      // jose's cooldown begins with a success: without this, tokens of made-up keys would hammer an issuer that is down.
      if (clock().getTime() < pausedUntil) throw new Unavailable('the issuer did not answer a moment ago');
      try {
        const response = await fetchKeys(url, options);
        // Also refuses a redirect, which could lead anywhere; jose asks for none to be followed.
        if (response.status !== 200) throw new Unavailable('the issuer answered without keys');
        return new Response(await textUpTo(response, KEY_SET_BYTES_MAX), { status: 200 });
      } catch {
        pausedUntil = clock().getTime() + KEY_SET_FAILURE_PAUSE_SECONDS * 1000;
        throw new Unavailable('the issuer did not answer with its keys');
      }
    },
  });
}

async function textUpTo(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new Unavailable('the key set is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The two cookies of the pages. `__Host-`: only this very host over a trustworthy origin can set them, for the path / (RFC 6265bis section 4.1.3.2). */

export const SESSION_COOKIE = '__Host-countersign';
export const SIGN_IN_COOKIE = '__Host-countersign-signin';

/**
 * The session is Strict: it rides on no request that another site starts, forms and links alike. The sign-in state must survive the way
 * back from the issuer, which is such a request, and is therefore Lax.
 */
const SAME_SITE = { [SESSION_COOKIE]: 'Strict', [SIGN_IN_COOKIE]: 'Lax' } as const;
export type CookieName = keyof typeof SAME_SITE;

export function setCookie(name: CookieName, value: string, lifetimeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${lifetimeSeconds}; Secure; HttpOnly; SameSite=${SAME_SITE[name]}`;
}

export const clearCookie = (name: CookieName): string => setCookie(name, '', 0);

/** The value in a Cookie header, or undefined. */
export function readCookie(name: CookieName, header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** What every answer of the pages carries, errors and redirects included. */
import type { MiddlewareHandler } from 'hono';

/**
 * Nothing but our own style, script and forms. form-action also stops a form's redirects from leaving; frame-ancestors stops
 * clickjacking; Trusted Types stop a script of ours from ever writing markup.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Not no-referrer, which would make a form's Origin `null` and every vote refused.
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  // Browsers heed it over https alone; on a loopback origin it does nothing.
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};

/** After signing out, Back must show nothing. Assets set their own. */
const NO_STORE = 'no-store';

export const securityHeaders = (): MiddlewareHandler => async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', NO_STORE);
};

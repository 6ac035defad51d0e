/** Who is asking: the session cookie and nothing else. An Authorization header is not even looked at. */
import type { Person } from '@countersign/approvals';
import type { Context, Handler } from 'hono';
import { MessagePage } from '../pages/message-page.tsx';
import { goOn } from './messages.ts';
import { page, SIGNED_OUT, type Site } from './site.ts';

export type SignedInHandler = (c: Context, person: Person) => Response | Promise<Response>;

/** For pages: whoever is not signed in is sent to sign in, the same way whether the page exists or not. */
export const signedIn =
  (site: Site, handler: SignedInHandler): Handler =>
  async (c) => {
    const person = await site.sessions.read(c.req.header('cookie'));
    if (person !== undefined) return handler(c, person);
    const here = ownPath(c);
    // From a web mail, a Strict cookie stays at home: a page of ours goes on by itself, and then the browser brings it along.
    if (c.req.header('sec-fetch-site') === 'cross-site') {
      return page(c, 200, MessagePage({ message: goOn(here, false), frame: SIGNED_OUT }));
    }
    return c.redirect(here === '/' ? '/signin' : `/signin?return=${encodeURIComponent(here)}`, 302);
  };

/** Codes of the pages' JSON API alone; everything else it refuses has the core's codes. */
export const API_CODES = ['access.cross_origin', 'access.signed_out'] as const;

const apiRefusal = (code: (typeof API_CODES)[number], message: string, next: string) => ({
  error: { code, message, next },
});

/** For the JSON API: 401 and where to sign in. A page of another origin gets nothing, whatever cookies its browser would send. */
export const signedInApi =
  (site: Site, handler: SignedInHandler): Handler =>
  async (c) => {
    const from = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    if (
      (from !== undefined && from !== 'same-origin' && from !== 'none') ||
      (origin !== undefined && origin !== site.pagesOrigin)
    ) {
      return c.json(apiRefusal('access.cross_origin', 'Not for other origins.', 'Use these pages.'), 403);
    }
    const person = await site.sessions.read(c.req.header('cookie'));
    if (person !== undefined) return handler(c, person);
    return c.json(apiRefusal('access.signed_out', 'You are not signed in.', 'Sign in at /signin in a browser.'), 401);
  };

/** The path of this request when it is plainly one of our own, else the front page: it goes into a redirect. */
const ownPath = (c: Context): string =>
  /^\/(?:[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*)?$/.test(c.req.path) ? c.req.path : '/';

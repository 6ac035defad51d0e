import type { Context } from 'hono';
import { goOn, SIGNED_OUT_PAGE, signInFailed } from '../http/messages.ts';
import { page, recordAccess, SIGNED_OUT, type Site } from '../http/site.ts';
import { MessagePage } from '../pages/message-page.tsx';

/** GET, never a form's POST: form-action would stop the redirect to the issuer. The return path is judged by the sign-in itself. */
export const beginSignIn = (site: Site) => async (c: Context) => {
  const wish = c.req.query('return');
  const begun = await site.sessions.begin(isPage(wish) ? wish : undefined);
  if (!begun.ok) {
    const [status, message] = signInFailed(begun.refusal);
    return page(c, status, MessagePage({ message, frame: SIGNED_OUT }));
  }
  for (const cookie of begun.value.cookies) c.header('set-cookie', cookie, { append: true });
  return c.redirect(begun.value.location, 302);
};

/** Back from the issuer. A HEAD answers without redeeming: whoever looks at links must not use up a code. */
export const completeSignIn = (site: Site) => async (c: Context) => {
  if (c.req.raw.method === 'HEAD') return c.body(null, 200);
  const done = await site.sessions.complete({ url: c.req.url, cookies: c.req.header('cookie') });
  if (!done.ok) {
    const [status, message] = signInFailed(done.refusal);
    // Anybody can call this address with nonsense; only what was begun here is worth an entry.
    if (done.refusal.why !== 'state-missing') {
      await recordAccess(site, { type: 'signin.refused', actor: null, planId: null, data: { why: done.refusal.why } });
    }
    return page(c, status, MessagePage({ message, frame: SIGNED_OUT }));
  }
  const { person, returnPath, cookies } = done.value;
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
  await recordAccess(site, { type: 'signin.succeeded', actor: person.id, planId: null, data: {} });
  return page(c, 200, MessagePage({ message: goOn(returnPath, true), frame: SIGNED_OUT }));
};

/** Another site must not sign people out either. */
export const signOut = (site: Site) => async (c: Context) => {
  if (c.req.header('origin') !== site.pagesOrigin) return c.redirect('/', 303);
  const person = await site.sessions.read(c.req.header('cookie'));
  for (const cookie of site.sessions.end()) c.header('set-cookie', cookie, { append: true });
  if (person !== undefined) await recordAccess(site, { type: 'signed.out', actor: person.id, planId: null, data: {} });
  return c.redirect('/signed-out', 303);
};

export const signedOutPage = (c: Context) => page(c, 200, MessagePage({ message: SIGNED_OUT_PAGE, frame: SIGNED_OUT }));

/** Returning into the sign-in itself would go round in circles; the API is no page. */
const isPage = (wish: string | undefined): boolean =>
  wish !== undefined && !/^\/(signin|signout|signed-out|api|assets|healthz)(\/|$)/.test(wish);

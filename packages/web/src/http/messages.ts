/** The small pages' words in one place. None repeats what was asked for: an unknown and a hidden plan must give the same bytes. */
import { Unavailable } from '@countersign/approvals';
import type { SignInRefusal } from '@countersign/identity';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Message } from '../pages/message-page.tsx';

const INBOX = { href: '/', label: 'Go to the inbox' };
const SIGN_IN = { href: '/signin', label: 'Sign in' };

export const NOT_FOUND: Message = {
  title: 'Not found',
  text: 'There is no such page, or it is not for you. A mail link works for the person it was sent to, while the plan is kept.',
  next: INBOX,
};
export const METHOD_NOT_ALLOWED: Message = {
  title: 'Not possible this way',
  text: 'This address cannot be used with that method. Nothing was changed.',
  next: INBOX,
};
export const TOO_LARGE: Message = {
  title: 'Too large',
  text: 'The request was larger than any form of ours. Nothing was changed.',
  next: INBOX,
};
export const wrongHost = (pagesOrigin: string): Message => ({
  title: 'Wrong address',
  text: 'These pages are not served under that name.',
  next: { href: `${pagesOrigin}/`, label: `Go to ${pagesOrigin}` },
});
const UNAVAILABLE: Message = {
  title: 'Not available right now',
  text: 'A part of Countersign did not answer. Nothing was changed by this request as far as we know; look again in a moment.',
  next: INBOX,
};
const FAULT: Message = {
  title: 'Something went wrong',
  text: 'That was our fault, and it has been noted. Look at the plan before you repeat anything.',
  next: INBOX,
};
export const faultMessage = (error: unknown): readonly [ContentfulStatusCode, Message] =>
  error instanceof Unavailable ? [503, UNAVAILABLE] : [500, FAULT];

export const SIGNED_OUT_PAGE: Message = {
  title: 'Signed out',
  text: 'You are signed out of Countersign in this browser. Your issuer may still know you: sign out there, too, on a shared machine.',
  next: SIGN_IN,
};

export const signedOutPost = (kept: string): Message => ({
  title: 'Signed out',
  text: 'You are not signed in any more, so nothing was decided. Sign in and open the plan again.',
  kept,
  next: SIGN_IN,
});

/** A page of our own between another site and ours: a Strict cookie rides only on a navigation that starts here. */
export const goOn = (to: string, signedIn: boolean): Message => ({
  title: signedIn ? 'Signed in' : 'One moment',
  text: signedIn ? 'You are signed in.' : 'Opening the page you asked for.',
  refreshTo: to,
  next: { href: to, label: 'Continue' },
});

export function signInFailed(refusal: SignInRefusal): readonly [ContentfulStatusCode, Message] {
  const again = { href: '/signin', label: 'Sign in again' };
  const message = (text: string): Message => ({ title: 'Not signed in', text, next: again });
  switch (refusal.why) {
    case 'issuer-unavailable':
      return [503, message('The place where you sign in did not answer. Try again in a moment.')];
    case 'state-missing':
      return [400, message('This sign-in was not begun in this browser, or more than five minutes ago.')];
    case 'state-mismatch':
      return [400, message('This answer belongs to another sign-in, perhaps in another tab.')];
    case 'issuer-refused':
      return [403, message(refusal.denied ? 'The sign-in was declined.' : 'The place where you sign in refused.')];
    case 'response-invalid':
      return [400, message('The answer of the place where you sign in could not be verified.')];
    case 'person-unidentified':
      return [
        403,
        message('Your account there lacks the claim that identifies a person. Ask an operator of this deployment.'),
      ];
    case 'session-too-large':
      return [
        403,
        message('Your account has more groups than a session can hold. Ask an operator of this deployment.'),
      ];
  }
}

/**
 * Anti-forgery tokens: a MAC over what a form may do, for whom, on what. A form of another sign-in, another plan, another digest or
 * another button is worth nothing here. Beside SameSite, Origin and Sec-Fetch-Site, so that no single browser rule is the only wall.
 */
import { createHmac } from 'node:crypto';
import { canonicalize, equalText, type Person } from '@countersign/approvals';

export type FormAction = 'decision' | 'cancel' | 'revoke' | 'look-again' | 'settle-written' | 'settle-not-written';

export interface FormSubject {
  readonly action: FormAction;
  readonly planId: string;
  readonly reviewDigest: string;
  readonly person: Pick<Person, 'id' | 'sessionId'>;
}

export function formToken(subject: FormSubject, key: Uint8Array): string {
  const { action, planId, reviewDigest, person } = subject;
  return createHmac('sha256', key)
    .update('countersign.dev/form/v1\n')
    .update(canonicalize({ action, planId, reviewDigest, person: person.id, session: person.sessionId }))
    .digest('base64url');
}

export const isFormToken = (token: string, subject: FormSubject, key: Uint8Array): boolean =>
  equalText(token, formToken(subject, key));

/**
 * Mail through SES. The configuration set must have neither open nor click tracking and no event destination for OPEN or CLICK: a
 * rewritten link would pass a third party and tell it who decides on what. (The API of this client has no switch per message.) SES
 * takes no idempotency token: a mail may go out twice, so it never carries anything but pointers.
 */
import { MAIL_ADDRESS_CHARACTERS_MAX, MAIL_SUBJECT_CHARACTERS_MAX } from '../limits.ts';
import { nameOf } from '../upstream-error.ts';
import type { Ses } from './ses.ts';

export interface MailMessage {
  /** One plain address. */
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** `recipient-invalid`, `subject-invalid`: not sent, by us. `rejected`: by SES (unverified in its sandbox, malformed, a virus). */
export type MailRefusal = 'recipient-invalid' | 'subject-invalid' | 'rejected';
export type MailResult =
  | { readonly ok: true; readonly messageId: string }
  | { readonly ok: false; readonly refusal: MailRefusal };

export interface Mail {
  /** Throws Unavailable: throttling, paused sending, an unverified sender, no answer. The outbox sends again. */
  send(message: MailMessage): Promise<MailResult>;
}

/**
 * A plain ASCII address (what SES delivers to) without display name, quoting, comment or list syntax: nothing that could name a second
 * recipient or end the header (RFC 5322 section 3.4; CWE-93).
 */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** C0 and C1 controls and Unicode's line separators: a subject is one line, whoever chose its words. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** `from`: the verified sender, as the header shows it. */
export function sesMail(ses: Ses, from: string, options: { readonly configurationSet?: string } = {}): Mail {
  if (CONTROL.test(from)) throw new TypeError('the sender holds a control character');
  return {
    async send({ to, subject, html, text }) {
      if (to.length > MAIL_ADDRESS_CHARACTERS_MAX || !ADDRESS.test(to))
        return { ok: false, refusal: 'recipient-invalid' };
      if (
        subject === '' ||
        subject.length > MAIL_SUBJECT_CHARACTERS_MAX ||
        CONTROL.test(subject) ||
        !subject.isWellFormed()
      ) {
        return { ok: false, refusal: 'subject-invalid' };
      }
      try {
        const { MessageId } = await ses.call('SendEmail', {
          Source: from,
          Destination: { ToAddresses: [to] },
          Message: {
            Subject: { Data: subject, Charset: 'UTF-8' },
            Body: { Html: { Data: html, Charset: 'UTF-8' }, Text: { Data: text, Charset: 'UTF-8' } },
          },
          ...(options.configurationSet === undefined ? {} : { ConfigurationSetName: options.configurationSet }),
        });
        return { ok: true, messageId: MessageId ?? '' };
      } catch (error) {
        const name = nameOf(error);
        if (name === 'MessageRejected' || name === 'InvalidParameterValue') return { ok: false, refusal: 'rejected' };
        throw error;
      }
    },
  };
}

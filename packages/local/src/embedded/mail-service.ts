import { awsRefusal, escapeXml } from './aws-refusal.ts';
import { type GuardedAnswer, type GuardedRequest, startGuardedEndpoint } from './guarded-endpoint.ts';
import { MAIL_CHARACTERS } from './limits.ts';
import type { Mail, MailStore } from './mail-store.ts';
import type { AwsCredentials } from './run-credentials.ts';

export type MailService = {
  /** For @aws-sdk/client-ses. */
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
  stop(): Promise<void>;
};

export type MailServiceOptions = {
  readonly port: number;
  readonly credentials: AwsCredentials;
  readonly mails: MailStore;
  /** The machine's clock. */
  readonly now: () => Date;
  readonly createId: () => string;
};

/**
 * SES (API version 2010-12-01, SendEmail) that sends nothing: what would go out lies in the mailbox of this machine. Behind
 * the same door as the other AWS services, so that nobody without this run's credentials can put a mail with a link of
 * theirs among ours.
 */
export async function startMailService(options: MailServiceOptions): Promise<MailService> {
  const door = await startGuardedEndpoint({
    port: options.port,
    credentials: options.credentials,
    services: ['ses'],
    handle: async (request) => sendEmail(request, options),
  });
  return { endpoint: door.endpoint, credentials: options.credentials, stop: door.stop };
}

function sendEmail(request: GuardedRequest, { mails, now, createId }: MailServiceOptions): GuardedAnswer {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const refuse = (code: string, message: string): GuardedAnswer => {
    const { contentType, body } = awsRefusal(request.headers, code, message);
    return { status: 400, headers: { 'content-type': contentType }, body };
  };
  if (request.method !== 'POST' || form.get('Action') !== 'SendEmail')
    return refuse('InvalidAction', 'This SES knows SendEmail only.');
  const recipients = ['To', 'Cc', 'Bcc'].flatMap((kind) => membersOf(form, `Destination.${kind}Addresses`));
  const mail: Mail = {
    id: createId(),
    from: form.get('Source') ?? '',
    to: recipients.join(', '),
    subject: form.get('Message.Subject.Data') ?? '',
    text: form.get('Message.Body.Text.Data') ?? '',
    html: form.get('Message.Body.Html.Data') ?? '',
    sentAt: now().toISOString(),
  };
  if (!isAddress(mail.from)) return refuse('InvalidParameterValue', 'Source is not an address.');
  if (recipients.length === 0 || !recipients.every(isAddress))
    return refuse('InvalidParameterValue', 'Destination holds no address, or what is none.');
  if (mail.subject === '' || (mail.text === '' && mail.html === ''))
    return refuse('InvalidParameterValue', 'A mail has a subject and a body.');
  if (JSON.stringify(mail).length > MAIL_CHARACTERS)
    return refuse('MessageRejected', `A mail may have ${MAIL_CHARACTERS} characters.`);
  mails.add(mail);
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: sentXml(mail.id) };
}

/** Name.member.1, Name.member.2 and so on, as far as they go. */
function membersOf(form: URLSearchParams, name: string): string[] {
  const members: string[] = [];
  for (let number = 1; ; number += 1) {
    const value = form.get(`${name}.member.${number}`);
    if (value === null) return members;
    members.push(value);
  }
}

/** One address, with a display name or without; a line break in it would begin a header of its own in a real mail. */
function isAddress(text: string): boolean {
  return text.length <= 320 && /^[^\r\n]*<?[^\s@<>,]+@[^\s@<>,]+>?$/.test(text);
}

function sentXml(messageId: string): string {
  const id = escapeXml(messageId);
  return `<SendEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendEmailResult><MessageId>${id}</MessageId></SendEmailResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></SendEmailResponse>`;
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Unavailable } from '@countersign/approvals';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsClients, createAwsClients } from '../clients.ts';
import { type MailMessage, sesMail } from './mail.ts';

/** SES on the wire: a form-encoded POST, answered in XML. */
describe('sesMail', () => {
  let server: Server;
  let clients: AwsClients;
  let sent: URLSearchParams[];
  let refusal: { readonly status: number; readonly code: string } | undefined;
  beforeEach(async () => {
    sent = [];
    refusal = undefined;
    server = createServer(async (request, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      sent.push(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
      answer.setHeader('content-type', 'text/xml');
      if (refusal === undefined) {
        answer.end(
          '<SendEmailResponse><SendEmailResult><MessageId>m-1</MessageId></SendEmailResult></SendEmailResponse>',
        );
      } else {
        const { status, code } = refusal;
        answer
          .writeHead(status)
          .end(
            `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>secret</Message></Error></ErrorResponse>`,
          );
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    clients = createAwsClients({
      region: 'eu-central-1',
      sesEndpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  afterEach(async () => {
    clients.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const message: MailMessage = {
    to: 'ann@example.com',
    subject: 'Decide: restart web in shop – 漢字',
    html: '<p>Open <a href="http://localhost/p/x">the plan</a> & decide</p>',
    text: 'Open http://localhost/p/x',
  };
  const mail = () => sesMail(clients.ses, 'Countersign <countersign@example.com>', { configurationSet: 'plain' });

  it('sends one mail to one address, as SES expects it', async () => {
    expect(await mail().send(message)).toEqual({ ok: true, messageId: 'm-1' });
    expect(sent).toHaveLength(1);
    expect(Object.fromEntries(sent[0] ?? [])).toEqual({
      Action: 'SendEmail',
      Version: '2010-12-01',
      Source: 'Countersign <countersign@example.com>',
      'Destination.ToAddresses.member.1': message.to,
      'Message.Subject.Data': message.subject,
      'Message.Subject.Charset': 'UTF-8',
      'Message.Body.Html.Data': message.html,
      'Message.Body.Html.Charset': 'UTF-8',
      'Message.Body.Text.Data': message.text,
      'Message.Body.Text.Charset': 'UTF-8',
      ConfigurationSetName: 'plain',
    });
  });

  it('refuses a recipient that is not one plain address, and sends nothing', async () => {
    const hostile = [
      '',
      'ann',
      'ann@',
      '@example.com',
      'ann@example.com,mallory@example.com',
      'ann@example.com mallory@example.com',
      'ann@example.com\r\nBcc: mallory@example.com',
      'ann@example.com\n',
      '"ann"@example.com',
      'Ann <ann@example.com>',
      'ann@exämple.com',
      'ann@[127.0.0.1]',
      `${'a'.repeat(300)}@example.com`,
      `ann@${'a'.repeat(100_000)}!`,
    ];
    for (const to of hostile)
      expect(await mail().send({ ...message, to })).toEqual({ ok: false, refusal: 'recipient-invalid' });
    expect(sent).toEqual([]);
  });

  it('refuses a subject that could end its header, and sends nothing', async () => {
    for (const subject of [
      '',
      'a\r\nBcc: b@example.com',
      'a\nb',
      'a\u0000b',
      'a\u2028b',
      'a\u0085b',
      'a\ud800',
      'x'.repeat(201),
    ]) {
      expect(await mail().send({ ...message, subject })).toEqual({ ok: false, refusal: 'subject-invalid' });
    }
    expect(sent).toEqual([]);
    expect(() => sesMail(clients.ses, 'a@example.com\r\nBcc: b@example.com')).toThrow(TypeError);
  });

  it('says that SES rejected the mail: sending it again would not help', async () => {
    for (const code of ['MessageRejected', 'InvalidParameterValue']) {
      refusal = { status: 400, code };
      expect(await mail().send(message)).toEqual({ ok: false, refusal: 'rejected' });
    }
  });

  it('is Unavailable when SES cannot send now, so that the outbox sends again', async () => {
    const passing = [
      { status: 400, code: 'AccountSendingPausedException' },
      { status: 400, code: 'MailFromDomainNotVerifiedException' },
      { status: 400, code: 'Throttling' },
      { status: 500, code: 'InternalFailure' },
    ];
    for (const fault of passing) {
      refusal = fault;
      const error: unknown = await mail()
        .send(message)
        .catch((thrown: unknown) => thrown);
      expect(error, fault.code).toBeInstanceOf(Unavailable);
      expect(String(error)).not.toContain('secret');
    }
  });
});

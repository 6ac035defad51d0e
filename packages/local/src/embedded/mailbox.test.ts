import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { SESClient, SendEmailCommand, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DataDirectory } from '../contract/data-directory.ts';
import { createTemporaryData, type TemporaryData } from '../contract/temporary-data.ts';
import { type Front, startFront } from './front.ts';
import { type MailService, startMailService } from './mail-service.ts';
import { type MailStore, openMailStore } from './mail-store.ts';
import { createMailbox } from './mailbox.ts';
import { sendRaw } from './raw-request.ts';
import { createRunCredentials } from './run-credentials.ts';

let temporary: TemporaryData;
let data: DataDirectory;
let mails: MailStore;
let service: MailService;
let front: Front;
let ses: SESClient;

async function start(): Promise<void> {
  data = temporary.open();
  mails = openMailStore(data.file('mail.sqlite'));
  service = await startMailService({
    port: 0,
    credentials: createRunCredentials(),
    mails,
    now: () => new Date('2026-11-21T09:05:00Z'),
    createId: randomUUID,
  });
  front = await startFront({
    port: 0,
    addresses: ['127.0.0.1'],
    names: ['127.0.0.1'],
    routes: createMailbox(mails, 'http://127.0.0.1:8788').routes,
    report: () => {},
  });
  ses = new SESClient({
    endpoint: service.endpoint,
    credentials: service.credentials,
    region: 'us-east-1',
    maxAttempts: 1,
  });
}
async function stop(): Promise<void> {
  ses.destroy();
  await front.stop();
  await service.stop();
  mails.close();
}
beforeEach(async () => {
  temporary = createTemporaryData();
  await start();
});
afterEach(async () => {
  await stop();
  temporary.remove();
});

type Change = { to?: string[]; from?: string; subject?: string; text?: string; html?: string };
const send = ({
  to = ['operator@example.com'],
  from = 'Countersign <plans@example.com>',
  subject = 'Decide: ä & b',
  text = 'plain',
  html = '<p>markup</p>',
}: Change = {}) =>
  ses.send(
    new SendEmailCommand({
      Source: from,
      Destination: { ToAddresses: to },
      Message: { Subject: { Data: subject }, Body: { Text: { Data: text }, Html: { Data: html } } },
    }),
  );
const messages = async () => JSON.parse((await sendRaw(front.port, { path: '/local/mailbox/messages.json' })).body);
const page = async (path = '/local/mailbox') => sendRaw(front.port, { path });

describe('a mail sent through SES', () => {
  test('lands in messages.json, newest first, and stays there after a restart', async () => {
    const { MessageId } = await send();
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    await send({ subject: 'second', to: ['a@example.com', 'b@example.com'] });
    const expected = [
      {
        to: 'a@example.com, b@example.com',
        subject: 'second',
        text: 'plain',
        html: '<p>markup</p>',
        sentAt: '2026-11-21T09:05:00.000Z',
      },
      {
        to: 'operator@example.com',
        subject: 'Decide: ä & b',
        text: 'plain',
        html: '<p>markup</p>',
        sentAt: '2026-11-21T09:05:00.000Z',
      },
    ];
    expect(await messages()).toEqual(expected);
    await stop();
    await start();
    expect(await messages()).toEqual(expected);
    expect(statSync(data.file('mail.sqlite')).mode & 0o077).toBe(0);
  });

  test.each<[string, Change]>([
    ['no recipient', { to: [] }],
    ['a recipient that is no address', { to: ['operator'] }],
    ['a line break in an address', { to: ['a@example.com\r\nBcc: b@example.com'] }],
    ['a sender that is no address', { from: 'Countersign' }],
    ['no subject', { subject: '' }],
    ['no body', { text: '', html: '' }],
  ])('is refused with %s, in a form that the client reads', async (_what, change) => {
    await expect(send(change)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await messages()).toEqual([]);
  });

  test('is refused when it is very large', async () => {
    await expect(send({ html: 'x'.repeat(300_000) })).rejects.toMatchObject({ name: 'MessageRejected' });
  });

  test('is refused without the credentials of this run, so that nobody slips a link of theirs among ours', async () => {
    ses = new SESClient({
      endpoint: service.endpoint,
      credentials: createRunCredentials(),
      region: 'us-east-1',
      maxAttempts: 1,
    });
    await expect(send()).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      $metadata: { httpStatusCode: 403 },
    });
    expect(await messages()).toEqual([]);
  });

  test('is all that this SES does', async () => {
    await expect(ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'a@example.com' }))).rejects.toMatchObject({
      name: 'InvalidAction',
    });
  });

  test('makes the oldest of 500 leave', () => {
    for (let number = 1; number <= 501; number += 1) {
      mails.add({ id: `m${number}`, from: '', to: '', subject: String(number), text: '', html: '', sentAt: '' });
    }
    expect(mails.list()).toHaveLength(500);
    expect(mails.find('m1')).toBeUndefined();
    expect(mails.list()[0]?.subject).toBe('501');
  });
});

describe('the mailbox page', () => {
  test('shows a mail in a frame that may only open links beside it', async () => {
    await send({
      html: '<!doctype html><html><head><title>x</title></head><body><a href="http://localhost:8787/plans/p1">Review</a><script>alert(1)</script></body></html>',
    });
    const shown = await page();
    const [, path = ''] =
      /<iframe title="The mail" src="([^"]+)" sandbox="allow-popups allow-popups-to-escape-sandbox"><\/iframe>/.exec(
        shown.body,
      ) ?? [];
    expect(shown.headers['content-security-policy']).toContain(
      "frame-src 'self'; form-action 'none'; frame-ancestors 'none'",
    );
    const frame = await page(path);
    expect(frame.body).toMatch(/^<!doctype html><html><head><base target="_blank"><title>/);
    const policy = String(frame.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox allow-popups allow-popups-to-escape-sandbox');
    expect(policy).not.toContain('script');
  });

  test.each([
    ['<p>fragment</p>', '<base target="_blank"><p>fragment</p>'],
    ['<!DOCTYPE html><p>no head</p>', '<!DOCTYPE html><base target="_blank"><p>no head</p>'],
    ['<html lang="en"><p>no head</p></html>', '<html lang="en"><base target="_blank"><p>no head</p></html>'],
  ])('opens the links of %s beside it', async (html, framed) => {
    await send({ html });
    const [, path = ''] = /<iframe[^>]* src="([^"]+)"/.exec((await page()).body) ?? [];
    expect((await page(path)).body).toBe(framed);
  });

  test('shows everything but the mail itself as text', async () => {
    await send({
      subject: '</title><script>alert(1)</script>',
      text: '</pre><script>alert(2)</script>',
      from: '"<b>" <a@example.com>',
    });
    const { body } = await page();
    expect(body).not.toMatch(/<script>alert|<b>"/);
    expect(body).toContain('&lt;script&gt;alert(1)');
  });

  test('says so when there is no mail, and lets the reader choose one', async () => {
    expect((await page()).body).toContain('No mail yet');
    await send({ subject: 'older' });
    await send({ subject: 'newer' });
    expect((await page()).body).toContain('<h1 id="subject">newer</h1>');
    const older = mails.list()[1]?.id;
    expect((await page(`/local/mailbox?message=${older}`)).body).toContain('<h1 id="subject">older</h1>');
    expect((await page('/local/mailbox?message=unknown')).body).toContain('<h1 id="subject">newer</h1>');
  });

  test('is read only, and knows nothing else', async () => {
    expect(await sendRaw(front.port, { path: '/local/mailbox', method: 'POST', body: '' })).toMatchObject({
      status: 405,
    });
    for (const path of ['/local/mailbox/messages/none/body', '/local/mailbox/messages/../../x', '/local/mailbox/other'])
      expect((await page(path)).status).toBe(404);
  });

  test('is no business of pages of other origins', async () => {
    expect(
      await sendRaw(front.port, { path: '/local/mailbox/messages.json', headers: { origin: 'http://localhost:8787' } }),
    ).toMatchObject({ status: 403 });
  });
});

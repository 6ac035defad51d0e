import type { IncomingMessage, ServerResponse } from 'node:http';
import { html } from 'hono/html';
import type { FrontRoute } from './front.ts';
import { MAILBOX_REFRESH_MILLISECONDS } from './limits.ts';
import type { Mail, MailStore } from './mail-store.ts';
import { type Markup, type Page, sendPage, sendStylesheet } from './page.ts';

const MAILBOX_PATH = '/local/mailbox';

export type Mailbox = {
  /** Where a person reads the mails; messages.json lies below it. */
  readonly url: string;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** For startFront: pages of other origins may not even ask. */
  readonly routes: readonly FrontRoute[];
};

/**
 * The mails of this machine: a page, and messages.json for programs. Who can open this address can read them, as with
 * any mailbox on this machine; they hold pointers, and every link in them asks for a sign-in.
 *
 * @param origin the endpoint's, such as http://127.0.0.1:8788
 */
export function createMailbox(mails: MailStore, origin: string): Mailbox {
  async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendText(response, 405, 'text/plain', 'The mailbox is read only.', { allow: 'GET, HEAD' });
    // As sent, not normalised: no '..' leads from one address to another.
    const [path = '', query] = (request.url ?? '/').split('?', 2);
    const below = path.slice(MAILBOX_PATH.length);
    const [, id = ''] = /^\/messages\/([\w-]{1,64})\/body$/.exec(below) ?? [];
    if (below === '' || below === '/')
      return sendPage(response, mailboxPage(mails.list(), new URLSearchParams(query).get('message')), {
        frame: "'self'",
      });
    if (below === '/messages.json')
      return sendText(response, 200, 'application/json', JSON.stringify(mails.list().map(published)));
    if (below === '/newest.json')
      return sendText(response, 200, 'application/json', JSON.stringify({ newest: mails.list()[0]?.id ?? null }));
    if (below === '/pages.css') return sendStylesheet(response);
    if (below === '/mailbox.js') return sendText(response, 200, 'text/javascript', REFRESH_SCRIPT);
    const mail = id === '' ? undefined : mails.find(id);
    return mail ? sendMailBody(response, mail) : sendText(response, 404, 'text/plain', 'There is no such mail.');
  }
  return {
    url: `${origin}${MAILBOX_PATH}`,
    handler,
    routes: [{ path: MAILBOX_PATH, origins: [origin], listener: handler }],
  };
}

const published = ({ to, subject, text, html: body, sentAt }: Mail) => ({ to, subject, text, html: body, sentAt });

/** Reloads when a new mail has come; the page works without it. */
const REFRESH_SCRIPT = `const shown = document.querySelector('main').dataset.newest;
setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch('${MAILBOX_PATH}/newest.json').catch(() => undefined);
  if (answer?.ok && ((await answer.json()).newest ?? '') !== shown) location.reload();
}, ${MAILBOX_REFRESH_MILLISECONDS});
`;

function mailboxPage(mails: readonly Mail[], wanted: string | null): Page {
  const chosen = mails.find(({ id }) => id === wanted) ?? mails[0];
  const reading = chosen && wanted === chosen.id;
  return {
    title: 'Mailbox',
    stylesheet: `${MAILBOX_PATH}/pages.css`,
    script: `${MAILBOX_PATH}/mailbox.js`,
    body: html`<header><b>Countersign</b><span>${mails.length === 1 ? '1 mail' : `${mails.length} mails`} · nothing leaves this machine</span></header>
<main class="mail${reading ? ' reading' : ''}" data-newest="${mails[0]?.id ?? ''}">${chosen ? html`${list(mails, chosen)}${article(chosen)}` : empty()}</main>`,
  };
}

function empty(): Markup {
  return html`<div class="empty"><h1>No mail yet</h1><p>When a plan waits for a decision, the mail to its approvers appears here by itself.</p></div>`;
}

function list(mails: readonly Mail[], chosen: Mail): Markup {
  return html`<nav aria-label="Mails"><ol>${mails.map(
    (mail) =>
      html`<li><a href="${MAILBOX_PATH}?message=${mail.id}" ${mail === chosen ? html`aria-current="true"` : ''}><span class="meta"><span>${mail.to}</span><time datetime="${mail.sentAt}">${listTime(mail.sentAt)}</time></span><strong>${mail.subject}</strong></a></li>`,
  )}</ol></nav>`;
}

function article(mail: Mail): Markup {
  return html`<article aria-labelledby="subject"><h1 id="subject">${mail.subject}</h1>
<dl><dt>From</dt><dd>${mail.from}</dd><dt>To</dt><dd>${mail.to}</dd><dt>Sent</dt><dd><time datetime="${mail.sentAt}">${shortTime(mail.sentAt)}</time></dd></dl>
${mail.html === '' ? '' : html`<iframe title="The mail" src="${MAILBOX_PATH}/messages/${mail.id}/body" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`}
<details ${mail.html === '' ? html`open` : ''}><summary>As plain text</summary><pre>${mail.text}</pre></details></article>`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 21 Nov 09:05, in UTC as everywhere. */
function listTime(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1] ?? ''} ${iso.slice(11, 16)}`;
}

/** 2026-11-21 09:05 UTC */
function shortTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/**
 * The mail's own markup, hostile as any mail: no script runs, nothing is fetched (no tracking pixel), no form is sent, and
 * it has an origin of its own even when it is opened outside of its frame. Links open beside it, as in a mail program.
 */
function sendMailBody(response: ServerResponse, mail: Mail): void {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
  sendText(response, 200, 'text/html; charset=utf-8', withLinkTarget(mail.html), {
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
  });
}

/** Puts the target where a head begins, so that a document keeps its doctype first and a mere fragment works, too. */
function withLinkTarget(markup: string): string {
  const place = /<head\b[^>]*>/i.exec(markup) ?? /<html\b[^>]*>/i.exec(markup) ?? /^\s*<!doctype[^>]*>/i.exec(markup);
  const at = place ? place.index + place[0].length : 0;
  return `${markup.slice(0, at)}<base target="_blank">${markup.slice(at)}`;
}

function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

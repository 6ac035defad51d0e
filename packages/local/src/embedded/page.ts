import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { html } from 'hono/html';

/** Markup of hono's html tag: what was put into it is escaped. */
export type Markup = ReturnType<typeof html>;

export type Page = {
  readonly title: string;
  readonly body: Markup;
  /** Path of the style sheet on this origin, and of a script where the page has one. */
  readonly stylesheet: string;
  readonly script?: string;
};

export type PagePolicy = {
  readonly status?: number;
  /** Where forms may lead, redirects included; default nowhere. */
  readonly formAction?: readonly string[];
  /** What the page may frame; default nothing. */
  readonly frame?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const STYLESHEET = readFileSync(new URL('./pages.css', import.meta.url));

export async function renderPage({ title, body, stylesheet, script }: Page): Promise<string> {
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Countersign</title>
<link rel="stylesheet" href="${stylesheet}">
<link rel="icon" href="data:,">
${script ? html`<script src="${script}" defer></script>` : ''}
</head>
<body>
${body}
</body>
</html>`;
  return page.toString();
}

/**
 * The headers of every page here. No inline script or style runs: text that slipped through as markup stays dead. Nothing
 * is asked of another origin, nobody frames us (clickjacking), and a form's Origin stays whole (`no-referrer` would make
 * it `null`) while other origins learn no address of ours.
 */
export function pageHeaders({ formAction = [], frame, headers = {} }: PagePolicy): Record<string, string> {
  const form = formAction.length > 0 ? formAction.join(' ') : "'none'";
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; frame-src ${frame ?? "'none'"}; form-action ${form}; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    ...headers,
  };
}

export async function sendPage(response: ServerResponse, page: Page, policy: PagePolicy = {}): Promise<void> {
  const text = await renderPage(page);
  response.writeHead(policy.status ?? 200, { ...pageHeaders(policy), 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export function sendStylesheet(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/css; charset=utf-8',
    'content-length': STYLESHEET.length,
    'cache-control': 'no-cache',
  });
  response.end(STYLESHEET);
}

import { html, raw } from 'hono/html';
import type { Markup, Page } from '../page.ts';

/** Where the issuer's pages and its style sheet lie. */
export const ISSUER_PATH = '/local/oidc';
export const STYLESHEET_PATH = `${ISSUER_PATH}/pages.css`;

const page = (title: string, main: Markup): Page => ({
  title,
  stylesheet: STYLESHEET_PATH,
  body: html`<header><b>Countersign</b><span>sign-in of this machine</span></header>
<main class="card">${main}</main>`,
});

export type SignInPage = {
  readonly action: string;
  readonly clientName: string;
  /** What was typed before. */
  readonly email: string;
  readonly problem: string | undefined;
  /** Where a newcomer finds names and passwords. */
  readonly hint: string | undefined;
};

export function signInPage({ action, clientName, email, problem, hint }: SignInPage): Page {
  return page(
    'Sign in',
    html`<div><h1>Sign in</h1><p class="soft">to go on to ${clientName}</p></div>
${problem ? html`<p class="alert" role="alert" id="problem">${problem}</p>` : ''}
<form method="post" action="${action}">
<label>Email<input type="email" name="email" value="${email}" autocomplete="username" required maxlength="320" ${email === '' ? raw('autofocus') : ''}></label>
<label>Password<input type="password" name="password" autocomplete="current-password" required maxlength="200" ${email === '' ? '' : raw('autofocus')} ${problem ? raw('aria-describedby="problem"') : ''}></label>
<button class="main" type="submit">Sign in</button>
</form>
<p class="small soft">${hint ?? 'The people of this sign-in exist on this machine only.'}</p>`,
  );
}

const SCOPE_WORDS: Readonly<Record<string, string>> = {
  'mcp:read': 'read clusters, anomalies and plans that you may see',
  'mcp:propose': 'propose changes in your name; none runs without an approval',
  'mcp:execute': 'ask for the execution of plans that were approved',
  openid: 'know that you signed in, and as whom',
};

export type ConsentPage = {
  readonly action: string;
  /** Chosen by the program itself. */
  readonly clientName: string;
  readonly redirectHost: string;
  readonly scopes: readonly string[];
  readonly email: string;
};

export function consentPage({ action, clientName, redirectHost, scopes, email }: ConsentPage): Page {
  const wishes = [...new Set(scopes.map((scope) => SCOPE_WORDS[scope]).filter((words) => words !== undefined))];
  return page(
    'Allow access',
    html`<div><h1>Allow “${clientName}”?</h1><p class="soft">It wants to act for ${email}</p></div>
<div class="facts">
<ul>${wishes.map((words) => html`<li>${words}</li>`)}</ul>
<p class="small soft">The answer goes to <code>${redirectHost}</code>, a program on this machine. It chose its name itself: allow it only if you started this just now.</p>
</div>
<form method="post" action="${action}">
<div class="acts"><button type="submit" name="decision" value="deny">Deny</button><button class="main" type="submit" name="decision" value="allow">Allow</button></div>
</form>`,
  );
}

export function problemPage(title: string, what: string, pagesOrigin: string): Page {
  return page(
    title,
    html`<h1>${title}</h1><p class="alert" role="alert">${what}</p><p><a href="${pagesOrigin}/">Go to Countersign</a></p>`,
  );
}

/** @param form the issuer's own, with its anti-forgery value */
export function signOutPage(form: string): Page {
  return page(
    'Sign out',
    html`<h1>Sign out on this machine?</h1>
${raw(form)}
<div class="acts"><button type="submit" form="op.logoutForm">Stay</button><button class="main" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button></div>`,
  );
}

export function signedOutPage(pagesOrigin: string): Page {
  return page('Signed out', html`<h1>You are signed out</h1><p><a href="${pagesOrigin}/">Go to Countersign</a></p>`);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { sendPage } from '../page.ts';
import { readBody } from '../read-body.ts';
import { FORM_BODY_BYTES } from './limits.ts';
import { consentPage, ISSUER_PATH, problemPage, signInPage } from './pages.ts';
import { findByPassword, type LocalPerson } from './people.ts';
import type { SignInThrottle } from './throttle.ts';

export type InteractionParts = {
  readonly provider: Provider;
  readonly people: readonly LocalPerson[];
  readonly throttle: SignInThrottle;
  readonly pagesOrigin: string;
  readonly signInHint: string | undefined;
};

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

const INTERACTION_PATH = new RegExp(`^${ISSUER_PATH}/interaction/([\\w-]{1,64})$`);

/** The id of the interaction that a path names. */
export function interactionIdOf(path: string): string | undefined {
  return INTERACTION_PATH.exec(path)?.[1];
}

/**
 * The sign-in and the consent of one authorization request. The request is found by its cookie, so that a form that
 * another page posts, or a link to somebody else's sign-in, finds none (login CSRF); the path must name the same one.
 */
export async function handleInteraction(
  parts: InteractionParts,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await findInteraction(parts.provider, id, request, response);
  if (!details) {
    const what = 'It has expired, or was begun in another browser. Start again where you came from.';
    return sendPage(response, problemPage('This sign-in cannot go on', what, parts.pagesOrigin), { status: 400 });
  }
  if (details.prompt.name === 'login')
    return request.method === 'POST' ? signIn(parts, details, request, response) : showSignIn(parts, details, response);
  return request.method === 'POST'
    ? decideConsent(parts, details, request, response)
    : showConsent(parts, details, response);
}

async function findInteraction(
  provider: Provider,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Details | undefined> {
  try {
    const details = await provider.interactionDetails(request, response);
    return details.uid === id ? details : undefined;
  } catch (problem) {
    if (problem instanceof errors.SessionNotFound) return undefined;
    throw problem;
  }
}

async function showSignIn(
  parts: InteractionParts,
  details: Details,
  response: ServerResponse,
  retry?: { email: string; problem: string; status: number; waitSeconds?: number },
): Promise<void> {
  const client = await parts.provider.Client.find(textOf(details.params.client_id));
  const email = retry?.email ?? textOf(details.params.login_hint).slice(0, 320);
  const page = signInPage({
    action: `${ISSUER_PATH}/interaction/${details.uid}`,
    clientName: client?.clientName ?? 'a program on this machine',
    email,
    problem: retry?.problem,
    hint: parts.signInHint,
  });
  await sendPage(response, page, {
    status: retry?.status ?? 200,
    formAction: formActionOf(details),
    ...(retry?.waitSeconds ? { headers: { 'retry-after': String(retry.waitSeconds) } } : {}),
  });
}

async function signIn(
  parts: InteractionParts,
  details: Details,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = await readForm(request);
  const [email, password] = [form?.get('email') ?? '', form?.get('password') ?? ''];
  const waitSeconds = parts.throttle.secondsToWait(email);
  if (waitSeconds > 0) {
    // Not even looked at: an answer, right or wrong, would let the guessing go on.
    const problem = `Too many wrong passwords for this address: try again in ${waitSeconds} seconds.`;
    return showSignIn(parts, details, response, { email, problem, status: 429, waitSeconds });
  }
  const person = findByPassword(parts.people, email, password);
  if (!person) {
    parts.throttle.failed(email);
    return showSignIn(parts, details, response, {
      email,
      problem: 'This address and password do not belong together.',
      status: 400,
    });
  }
  parts.throttle.succeeded(email);
  await parts.provider.interactionFinished(
    request,
    response,
    { login: { accountId: person.sub, amr: ['pwd'] } },
    { mergeWithLastSubmission: false },
  );
}

async function showConsent(parts: InteractionParts, details: Details, response: ServerResponse): Promise<void> {
  const client = await parts.provider.Client.find(textOf(details.params.client_id));
  const page = consentPage({
    action: `${ISSUER_PATH}/interaction/${details.uid}`,
    clientName: client?.clientName ?? 'A program without a name',
    redirectHost: new URL(textOf(details.params.redirect_uri)).host,
    scopes: textOf(details.params.scope).split(' '),
    email: parts.people.find(({ sub }) => sub === details.session?.accountId)?.email ?? 'you',
  });
  await sendPage(response, page, { formAction: formActionOf(details) });
}

async function decideConsent(
  parts: InteractionParts,
  details: Details,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { provider } = parts;
  const form = await readForm(request);
  if (form?.get('decision') !== 'allow') {
    const result = { error: 'access_denied', error_description: 'the person said no' };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  const { grantId, session, params, prompt } = details;
  if (!session) throw new Error('a consent without a session');
  const grant =
    (grantId ? await provider.Grant.find(grantId) : undefined) ??
    new provider.Grant({ accountId: session.accountId, clientId: textOf(params.client_id) });
  const { missingOIDCScope, missingResourceScopes } = prompt.details as {
    missingOIDCScope?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  for (const [indicator, scopes] of Object.entries(missingResourceScopes ?? {}))
    grant.addResourceScope(indicator, scopes.join(' '));
  await provider.interactionFinished(
    request,
    response,
    { consent: { grantId: await grant.save() } },
    { mergeWithLastSubmission: true },
  );
}

/**
 * Ourselves, and where this request's answer goes: a form's redirects are held to `form-action` too. The redirect address
 * was checked against the client's registered ones before the interaction began.
 */
function formActionOf({ params }: Details): string[] {
  return ["'self'", new URL(textOf(params.redirect_uri)).origin];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** undefined for what is no small form. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  const body = await readBody(request, FORM_BODY_BYTES);
  return body && new URLSearchParams(body.toString('utf8'));
}

import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { CLIENT_NAME_CHARACTERS, REGISTERED_REDIRECTS } from './limits.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

const Asked = z.object({ redirect_uris: z.array(z.string()), client_name: z.string().optional() });

export type Registration =
  | { readonly ok: true; readonly metadata: Readonly<Record<string, unknown>> }
  | {
      readonly ok: false;
      readonly error: 'invalid_client_metadata' | 'invalid_redirect_uri';
      readonly description: string;
    };

/**
 * What a client that registers itself becomes (RFC 7591; MCP clients such as Claude Code do): a public one whose codes
 * can only go to a program on this machine.
 *
 * A code that went to a page would hand a person's token to whoever runs it, so redirects that leave the machine are
 * left out (the server may replace what was asked: RFC 7591 section 3.2.1; VS Code asks for one of each). A secret
 * would not stay one on a person's machine, so there is none. Everything else that was asked for is ignored.
 *
 * @param asked the parsed JSON body, from anybody
 */
export function registerLoopbackClient(asked: unknown): Registration {
  const parsed = Asked.safeParse(asked);
  if (!parsed.success) {
    return {
      ok: false,
      error: 'invalid_client_metadata',
      description: 'redirect_uris must be a list of addresses, client_name a text',
    };
  }
  const redirects = [...new Set(parsed.data.redirect_uris)].filter(isLoopbackRedirect).slice(0, REGISTERED_REDIRECTS);
  if (redirects.length === 0) {
    return {
      ok: false,
      error: 'invalid_redirect_uri',
      description:
        'one of redirect_uris must be http on a loopback address, such as http://127.0.0.1/callback (any port may be used then)',
    };
  }
  return {
    ok: true,
    metadata: {
      redirect_uris: redirects,
      client_name: visible(parsed.data.client_name ?? '') || 'A program without a name',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  };
}

function isLoopbackRedirect(uri: string): boolean {
  if (uri.length > 500 || !URL.canParse(uri)) return false;
  const { protocol, hostname, username, password, hash } = new URL(uri);
  return protocol === 'http:' && LOOPBACK.has(hostname) && username === '' && password === '' && hash === '';
}

/** A name is shown on the consent page: without what could make it look like another, or like more than a name. */
function visible(name: string): string {
  return name
    .toWellFormed()
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, CLIENT_NAME_CHARACTERS)
    .toWellFormed();
}

/** Requests whose body is what registerLoopbackClient made of it. */
const rewritten = new WeakSet<object>();

/**
 * Whether a registration came through here. Asked where the client is made, since the library finds its route by rules of
 * its own (in any case of letters, for one): a path of ours in front of it is convenience, not a check.
 */
export function isRewritten(request: object): boolean {
  return rewritten.has(request);
}

/** The same request with another JSON body, for a handler further in. */
export function withJsonBody(request: IncomingMessage, body: unknown): IncomingMessage {
  const bytes = Buffer.from(JSON.stringify(body));
  const replacement = Readable.from([bytes], { objectMode: false });
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor, socket, rawHeaders } = request;
  const { 'transfer-encoding': _chunked, 'content-encoding': _encoded, ...headers } = request.headers;
  rewritten.add(replacement);
  return Object.assign(replacement, {
    method,
    url,
    httpVersion,
    httpVersionMajor,
    httpVersionMinor,
    socket,
    connection: socket,
    rawHeaders,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': String(bytes.length) },
  }) as unknown as IncomingMessage;
}

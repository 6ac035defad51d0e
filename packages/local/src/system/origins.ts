/** The two origins of one machine: the pages on localhost, and endpoint, issuer and mailbox on 127.0.0.1, so that neither cookies nor scripts cross. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { LONGEST_CLOCK_ADVANCE_SECONDS } from '../contract/limits.ts';
import type { Ports } from '../contract/ports.ts';
import { type FrontListener, startFront } from '../embedded/front.ts';
import type { Issuer } from '../embedded/issuer.ts';
import type { MailStore } from '../embedded/mail-store.ts';
import { createMailbox } from '../embedded/mailbox.ts';
import { readBody } from '../embedded/read-body.ts';
import { createHttpEventListener, type HttpEventOptions } from '../pumps/http-events.ts';
import type { ReportProblem } from '../pumps/pump-problem.ts';
import { LOCAL_BODY_BYTES } from './limits.ts';

export type OriginsOptions = {
  readonly ports: Ports;
  readonly functions: { readonly mcp: HttpEventOptions['lambda']; readonly web: HttpEventOptions['lambda'] };
  readonly issuer: Issuer;
  readonly mails: MailStore;
  readonly observeNow: () => Promise<unknown>;
  readonly advanceClock: (seconds: number) => Promise<Date>;
  readonly now: () => Date;
  readonly report: (problem: unknown) => void;
  readonly reportPump: ReportProblem;
};

export async function startOrigins(options: OriginsOptions): Promise<{ stop(): Promise<void> }> {
  const { ports, now, report } = options;
  const pagesOrigin = `http://localhost:${ports.pages}`;
  const endpointOrigin = `http://127.0.0.1:${ports.endpoint}`;
  const listener = (lambda: HttpEventOptions['lambda']) =>
    createHttpEventListener({ lambda, now, report: options.reportPump });
  const pages = await startFront({
    port: ports.pages,
    addresses: ['127.0.0.1', '::1'],
    names: ['localhost'],
    routes: [{ path: '/', origins: [pagesOrigin], listener: listener(options.functions.web) }],
    report,
  });
  const mcp = listener(options.functions.mcp);
  const endpoint = await startFront({
    port: ports.endpoint,
    addresses: ['127.0.0.1'],
    names: ['127.0.0.1'],
    routes: [
      { path: '/mcp', origins: [endpointOrigin], listener: mcp },
      // The agents' REST. The pages have an /api of their own, for cookies, on their own origin.
      { path: '/api', origins: [endpointOrigin], listener: mcp },
      { path: '/.well-known/oauth-protected-resource', origins: [endpointOrigin], listener: mcp },
      ...options.issuer.routes,
      ...createMailbox(options.mails, endpointOrigin).routes,
      // No origin at all: only programs on this machine move its observer and its clock, never a page.
      {
        path: '/local/observe',
        origins: [],
        listener: post(z.unknown(), async () => (await options.observeNow()) ?? {}),
      },
      {
        path: '/local/clock',
        origins: [],
        listener: post(advance, async ({ advanceSeconds }) => ({ now: await options.advanceClock(advanceSeconds) })),
      },
    ],
    report,
  }).catch(async (problem: unknown) => {
    await pages.stop();
    throw problem;
  });
  return {
    async stop() {
      await Promise.all([pages.stop(), endpoint.stop()]);
    },
  };
}

const advance = z.strictObject({ advanceSeconds: z.number().int().min(1).max(LONGEST_CLOCK_ADVANCE_SECONDS) });

/** A small JSON POST that exists only on one machine. */
function post<T>(schema: z.ZodType<T>, act: (body: T) => Promise<unknown>): FrontListener {
  return async (request, response) => {
    if (request.method !== 'POST') return answer(response, 405, { code: 'request.invalid', message: 'Send a POST.' });
    const parsed = schema.safeParse(await readJson(request));
    if (!parsed.success) {
      return answer(response, 400, { code: 'request.invalid', message: z.prettifyError(parsed.error) });
    }
    answer(response, 200, await act(parsed.data));
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = (await readBody(request, LOCAL_BODY_BYTES))?.toString('utf8') ?? '';
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

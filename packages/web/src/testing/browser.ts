/** A real browser on the pages, served on a loopback port that the browser reaches as http://localhost. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Its own arguments would switch web security off; these do not. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: ARGUMENTS, headless: true });

type Fetch = (request: Request) => Response | Promise<Response>;

/** Serves a fetch handler over HTTP. `origin` is what the app sees, whatever the port is. */
export async function serve(
  handler: Fetch,
  origin: string,
): Promise<{ readonly server: Server; readonly port: number; close(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers))
      if (value !== undefined) headers.set(name, String(value));
    const body =
      incoming.method === 'GET' || incoming.method === 'HEAD' ? null : Buffer.concat(await incoming.toArray());
    const answer = await handler(
      new Request(`${origin}${incoming.url}`, { method: incoming.method ?? 'GET', headers, body }),
    );
    const sent: Record<string, string | string[]> = Object.fromEntries(answer.headers);
    const cookies = answer.headers.getSetCookie();
    if (cookies.length > 0) sent['set-cookie'] = cookies;
    outgoing.writeHead(answer.status, sent);
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(new URL(origin).port === '' ? 0 : Number(new URL(origin).port), '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

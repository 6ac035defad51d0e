import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { startRefusal } from '../contract/start-refusal.ts';
import {
  FRONT_BODY_BYTES,
  FRONT_STOP_MILLISECONDS,
  FRONT_URL_CHARACTERS,
  KEEP_ALIVE_MILLISECONDS,
  REQUEST_HEADER_BYTES,
  REQUEST_HEADERS_MILLISECONDS,
  REQUEST_MILLISECONDS,
} from './limits.ts';

export type FrontListener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export type FrontRoute = {
  /** Takes this path and everything below it; '/' takes what no other route does. The longest match wins. */
  readonly path: string;
  /** The Origin values that may come here. A request without the header passes: it is no page's, or a plain visit. */
  readonly origins: readonly string[];
  readonly listener: FrontListener;
};

export type FrontOptions = {
  /** 0 for a free one. */
  readonly port: number;
  /**
   * Loopback only. For an origin on 'localhost' name both '127.0.0.1' and '::1': browsers try ::1 first, and whoever
   * listened there instead would be given our visitors. One that the machine does not have is left out.
   */
  readonly addresses: readonly ('127.0.0.1' | '::1')[];
  /** The names that we answer to, such as 'localhost': a Host must be one of them with our port. */
  readonly names: readonly string[];
  readonly routes: readonly FrontRoute[];
  /** A listener threw: a defect. The error may quote a request, so a log takes its name only. */
  readonly report: (problem: unknown) => void;
};

export type Front = { readonly port: number; stop(): Promise<void> };

/**
 * The HTTP server of one loopback origin.
 *
 * Host, on every route, stops DNS rebinding: a page under a name of its own that was re-pointed to 127.0.0.1 is the
 * same origin as we are to its browser, but its requests carry that name. Origin, on every route, stops pages of other
 * origins from having a visitor's browser send us something that changes state (cross-site request forgery).
 *
 * @throws StartRefusal where the port is taken
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const routes = [...options.routes].sort((a, b) => b.path.length - a.path.length);
  const servers: Server[] = [];
  let port = options.port;
  // Browsers leave the port 80 out.
  const hosts = () => options.names.map((name) => (port === 80 ? name : `${name}:${port}`));
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    void serve(request, response, routes, hosts()).catch((problem: unknown) => {
      options.report(problem);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'internal', 'Something of ours failed.');
    });
  };
  for (const address of options.addresses) {
    const server = createServer(
      {
        maxHeaderSize: REQUEST_HEADER_BYTES,
        headersTimeout: REQUEST_HEADERS_MILLISECONDS,
        requestTimeout: REQUEST_MILLISECONDS,
        keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
        noDelay: true,
      },
      listener,
    );
    try {
      port = await listen(server, address, port);
      servers.push(server);
    } catch (problem) {
      if (address === '::1' && isMissingAddress(problem)) continue;
      await Promise.all(servers.map(close));
      if (codeOf(problem) === 'EADDRINUSE') {
        throw startRefusal(
          `Port ${port} is used by another program: stop it, or choose another with --port N (0 picks free ones).`,
        );
      }
      throw problem;
    }
  }
  return {
    port,
    async stop() {
      await Promise.all(servers.map(close));
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly FrontRoute[],
  hosts: readonly string[],
): Promise<void> {
  // Whatever a route answers is not sniffed into a script or pulled into another origin's page.
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  const { url = '/', headersDistinct } = request;
  const host = headersDistinct.host ?? [];
  if (host.length !== 1 || !hosts.includes(host[0] ?? ''))
    return refuse(response, 403, 'host_not_allowed', 'This server does not answer under that name.');
  if (!url.startsWith('/') || url.length > FRONT_URL_CHARACTERS)
    return refuse(response, 400, 'bad_request', 'The request target is not a path, or too long.');
  const path = url.split('?', 1)[0] ?? '/';
  const route = routes.find((candidate) => covers(candidate.path, path));
  // Before the 404 too: which paths exist is nobody else's business.
  const origins = headersDistinct.origin ?? [];
  if (origins.some((origin) => !route?.origins.includes(origin)) || origins.length > 1) {
    return refuse(response, 403, 'origin_not_allowed', 'Pages of that origin may not send requests here.');
  }
  // A body of unstated length is counted by whoever reads it.
  if (Number(request.headers['content-length'] ?? 0) > FRONT_BODY_BYTES)
    return refuse(response, 413, 'too_large', `A request may have ${FRONT_BODY_BYTES} bytes.`);
  if (!route) return refuse(response, 404, 'not_found', 'There is nothing here.');
  await route.listener(request, response);
}

/** Whole segments: /mcp covers /mcp and /mcp/x, not /mcpx. */
function covers(prefix: string, path: string): boolean {
  return prefix === '/' || path === prefix || path.startsWith(`${prefix}/`);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const body = JSON.stringify({ error: { code, message } });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(body);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true, ipv6Only: true }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function codeOf(problem: unknown): unknown {
  return problem instanceof Error && 'code' in problem ? problem.code : undefined;
}

function isMissingAddress(problem: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(String(codeOf(problem)));
}

/** Running requests may end; who is idle, or still not done after the grace, is cut off. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.closeAllConnections(), FRONT_STOP_MILLISECONDS);
    server.close(() => {
      clearTimeout(grace);
      resolve();
    });
    server.closeIdleConnections();
  });
}

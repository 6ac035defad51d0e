import type { IncomingMessage } from 'node:http';
import { StatusError } from '../store/status-error.ts';

/**
 * Refuses callers that are not a Kubernetes client on this machine.
 * - A Host that is not ours: a web page whose name was rebound to 127.0.0.1 (DNS rebinding) still sends its own name.
 * - Any Origin: only browsers send it, and no browser has business here (cross-site requests from a page).
 * - Impersonation: admission would see the impersonated user, and the guard policies, which match by user name, would miss. Refused for everyone,
 *   so that no role in this sandbox can be widened into it.
 */
export function checkCaller(request: IncomingMessage): void {
  const port = request.socket.localPort;
  const host = (request.headers.host ?? '').toLowerCase();
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    throw new StatusError('Forbidden', 'this API answers only to 127.0.0.1 and localhost');
  }
  if (request.headers.origin !== undefined) throw new StatusError('Forbidden', 'this API is not for web pages');
  for (const header of Object.keys(request.headers)) {
    if (header.startsWith('impersonate-')) throw new StatusError('Forbidden', 'impersonation is not allowed here');
  }
}

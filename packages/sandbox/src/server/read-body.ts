import type { IncomingMessage } from 'node:http';
import { requestBodyMaxBytes, requestBodyTimeoutMs } from '../limits.ts';
import { StatusError } from '../store/status-error.ts';

/** The request's body. Throws RequestEntityTooLarge; ends the connection where the body does not arrive in time. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // A client that sends a byte now and then must not hold a connection for ever.
  const timer = setTimeout(() => request.destroy(), requestBodyTimeoutMs);
  try {
    // The connection must live on to carry the refusal of a body that is too large.
    const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const part of body) {
      bytes += part.length;
      if (bytes > requestBodyMaxBytes) {
        throw new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${requestBodyMaxBytes}`);
      }
      parts.push(part);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(parts);
}

/** Parses a JSON body in UTF-8. Refuses the member name `__proto__`: copied about carelessly, it would become an object's prototype (prototype pollution). */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), (member, value: unknown) => {
      if (member === '__proto__') throw new Error('forbidden member');
      return value;
    });
  } catch {
    throw new StatusError('BadRequest', 'the object provided is unrecognized: the body is not valid JSON');
  }
}

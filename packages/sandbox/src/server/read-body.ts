import type { IncomingMessage } from 'node:http';
import { requestBodyMaxBytes, requestBodyTimeoutMs } from '../limits.ts';
import { StatusError } from '../store/status-error.ts';

/** The request's body as text. Throws RequestEntityTooLarge, or BadRequest where it does not arrive in time or is not UTF-8. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // A client that sends a byte now and then must not hold a connection for ever.
  const timer = setTimeout(() => request.destroy(), requestBodyTimeoutMs);
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > requestBodyMaxBytes) {
        throw new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${requestBodyMaxBytes}`);
      }
      parts.push(part);
    }
  } finally {
    clearTimeout(timer);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new StatusError('BadRequest', 'the body is not UTF-8');
  }
}

/** Parses a JSON body. Refuses the member name `__proto__`: copied about carelessly, it would become an object's prototype (prototype pollution). */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body, (member, value: unknown) => {
      if (member === '__proto__') throw new Error('forbidden member');
      return value;
    });
  } catch {
    throw new StatusError('BadRequest', 'the object provided is unrecognized: the body is not valid JSON');
  }
}

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from '../tls/certificates.ts';
import { handleRequest, type RequestHandling } from './handle-request.ts';

export interface ApiServer {
  readonly port: number;
  /** Ends streams, lets running answers finish and closes. */
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1 and nothing else. Rejects where the port is taken. */
export async function serve(port: number, certificates: Certificates, handling: RequestHandling): Promise<ApiServer> {
  const server = createServer(
    { key: certificates.keyPem, cert: certificates.certificatePem, minVersion: 'TLSv1.2' },
    (request, response) => void handleRequest(handling, request, response),
  );
  // Requests are short, watches write: only the time to send a request's head is limited (slow-loris).
  server.headersTimeout = 10_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Streams have been told to end by then; whoever still holds a connection open is cut off.
        setTimeout(() => server.closeAllConnections(), stopGraceMs).unref();
      }),
  };
}

const stopGraceMs = 500;

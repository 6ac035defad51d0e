import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canonicalize, type RawEvidence, Unavailable, UnreadableRecord } from '@countersign/approvals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsClients, createAwsClients } from '../clients.ts';
import { rawEvidenceKey, s3RawEvidence } from './raw-evidence.ts';

describe('s3RawEvidence', () => {
  let server: FauxqsServer;
  let clients: AwsClients;
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
    server.createBucket('raw-evidence');
    clients = clientsAt(server.port);
  });
  afterAll(async () => {
    clients.close();
    await server.stop();
  });
  const clientsAt = (port: number): AwsClients =>
    createAwsClients({
      region: 'us-east-1',
      s3Endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  const store = () => s3RawEvidence(clients.s3, 'raw-evidence');
  const planIdOf = (letter: string): string => `pln_${letter.repeat(22)}`;
  const evidenceOf = (letter: string, value = 'secret'): RawEvidence => ({
    format: 'countersign.raw-evidence/v1',
    planId: planIdOf(letter),
    steps: [
      {
        step: 1,
        live: { data: { password: value, 漢: '👩‍🚀' } },
        dryRun: null,
        freshnessSalt: 'c2FsdA',
        leafSalts: { '/data/password': 'c2FsdDI' },
      },
    ],
  });
  const plant = (letter: string, body: string) =>
    clients.s3.call('PutObject', { Bucket: 'raw-evidence', Key: rawEvidenceKey(planIdOf(letter)), Body: body });
  const unreadable = async (reading: Promise<unknown>): Promise<void> =>
    expect(reading).rejects.toBeInstanceOf(UnreadableRecord);

  it('gives back what was put', async () => {
    await store().put(evidenceOf('a'));
    expect(await store().get(planIdOf('a'))).toEqual(evidenceOf('a'));
  });

  it('finds nothing where nothing was put, and under ids that are none', async () => {
    for (const id of [planIdOf('b'), '', '../other', 'pln_/../../x', 'x'.repeat(10_000)])
      expect(await store().get(id)).toBeNull();
  });

  it('asks S3 to create and never to replace', async () => {
    const guarded = await startCreateOnce(server.port);
    const through = clientsAt(guarded.port);
    const evidence = s3RawEvidence(through.s3, 'raw-evidence');
    await evidence.put(evidenceOf('c'));
    // The same evidence again is an SDK retry of our own.
    await evidence.put(evidenceOf('c'));
    await expect(evidence.put(evidenceOf('c', 'replaced'))).rejects.toThrow('other raw evidence');
    expect(await store().get(planIdOf('c'))).toEqual(evidenceOf('c'));
    through.close();
    await guarded.stop();
  });

  it('refuses what somebody else put in its place', async () => {
    const bodies = ['', 'not json', '{}', canonicalize(evidenceOf('e')), JSON.stringify(evidenceOf('d'), null, 1)];
    for (const body of bodies) {
      await plant('d', body);
      await unreadable(store().get(planIdOf('d')));
    }
  });

  it('reads no object larger than raw evidence can be', async () => {
    await plant('f', 'x'.repeat(8 * 1024 * 1024 + 1));
    await unreadable(store().get(planIdOf('f')));
  });

  it('is Unavailable when S3 does not answer', async () => {
    const nowhere = clientsAt(9);
    await expect(s3RawEvidence(nowhere.s3, 'raw-evidence').get(planIdOf('a'))).rejects.toThrow(Unavailable);
    nowhere.close();
  });
});

/** S3's conditional write in front of the embedded S3, which knows none: `If-None-Match: *` on what is there is 412. */
async function startCreateOnce(upstream: number): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const made = new Set<string>();
  const server = createServer(async (incoming, answer) => {
    const { method = '', url = '', headers } = incoming;
    if (method === 'PUT' && headers['if-none-match'] === '*' && made.has(url)) {
      incoming.resume();
      answer.writeHead(412).end('<Error><Code>PreconditionFailed</Code><Message>exists</Message></Error>');
      return;
    }
    if (method === 'PUT') made.add(url);
    const outgoing = request({ port: upstream, host: '127.0.0.1', method, path: url, headers });
    incoming.pipe(outgoing);
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.pipe(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

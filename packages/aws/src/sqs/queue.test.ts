import { OUTBOX_KINDS, type OutboxKind, Unavailable } from '@countersign/approvals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsClients, createAwsClients } from '../clients.ts';
import { sqsQueue } from './queue.ts';
import { parseQueueMessage } from './queue-message.ts';

describe('sqsQueue', () => {
  let server: FauxqsServer;
  let clients: AwsClients;
  const urls = {} as Record<OutboxKind, string>;
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
    for (const kind of OUTBOX_KINDS) urls[kind] = server.createQueue(kind).queueUrl;
    clients = createAwsClients({
      region: 'us-east-1',
      sqsEndpoint: `http://127.0.0.1:${server.port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  afterAll(async () => {
    clients.close();
    await server.stop();
  });
  const waiting = (kind: OutboxKind): readonly string[] =>
    (server.inspectQueue(kind)?.messages.ready ?? []).map((message) => message.body);

  it('sends a pointer and nothing else, to the queue of its kind', async () => {
    const queue = sqsQueue(clients.sqs, urls);
    await queue.send('execute', { outboxId: 'execute.pln_abc.4' });
    expect(waiting('execute')).toEqual(['{"outboxId":"execute.pln_abc.4"}']);
    expect(waiting('grant')).toEqual([]);
    expect(waiting('execute').map(parseQueueMessage)).toEqual(['execute.pln_abc.4']);
  });

  it('leaves out whatever else the record held', async () => {
    const record = { outboxId: 'notify.pln_abc.1', planId: 'pln_abc', secret: 'x' };
    await sqsQueue(clients.sqs, urls).send('notify', record);
    expect(waiting('notify')).toEqual(['{"outboxId":"notify.pln_abc.1"}']);
  });

  it('refuses an id that the other end would refuse', async () => {
    await expect(sqsQueue(clients.sqs, urls).send('grant', { outboxId: 'a b' })).rejects.toThrow(TypeError);
    expect(waiting('grant')).toEqual([]);
  });

  it('is Unavailable when the queue does not answer', async () => {
    const nowhere = createAwsClients({
      region: 'us-east-1',
      sqsEndpoint: 'http://127.0.0.1:9',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const lost = sqsQueue(nowhere.sqs, { ...urls, grant: 'http://127.0.0.1:9/000000000000/grant' });
    await expect(lost.send('grant', { outboxId: 'a' })).rejects.toThrow(Unavailable);
    nowhere.close();
  });
});

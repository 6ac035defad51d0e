import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import * as z from 'zod';
import type { GuardedAnswer, GuardedRequest } from './guarded-endpoint.ts';

type Stores = NonNullable<BuildAppOptions['stores']>;
type Persistence = NonNullable<Stores['sqsStore']['persistence']>;

/** fauxqs without a port: it answers what it is handed. */
export type FauxqsApp = {
  handle(request: Pick<GuardedRequest, 'method' | 'url' | 'headers' | 'body'>): Promise<GuardedAnswer>;
  stop(): Promise<void>;
};

const Part = <K extends string>(name: K) =>
  z.object({ [name]: z.custom<new (...parameters: never[]) => unknown>((value) => typeof value === 'function') });

/**
 * Builds fauxqs with its SQLite store, but lets it listen nowhere: its own startFauxqs binds 0.0.0.0 without a way to
 * say otherwise, and would take unsigned orders from the whole network. buildApp listens on nothing and persists
 * nothing, so the store is wired here as startFauxqs wires it, from the files beside fauxqs's entry (the version is
 * pinned; a test restarts on the same directory).
 *
 * @param directory of its own, 0700
 */
export async function buildFauxqsApp(directory: string): Promise<FauxqsApp> {
  closeSync(openSync(join(directory, 'fauxqs.db'), 'a', 0o600)); // SQLite would create it readable by all; its log files take over this mode.
  const entry = import.meta.resolve('fauxqs');
  const load = async <K extends string>(file: string, name: K) => {
    const part = Part(name).parse(await import(new URL(file, entry).href))[name];
    if (!part) throw new Error(`fauxqs has no ${name}`);
    return part;
  };
  const sqsStore = new (await load('./sqs/sqsStore.js', 'SqsStore'))() as Stores['sqsStore'];
  const snsStore = new (await load('./sns/snsStore.js', 'SnsStore'))() as Stores['snsStore'];
  const s3Store = new (await load('./s3/s3Store.js', 'S3Store'))() as Stores['s3Store'];
  const PersistenceManager = (await load('./persistence.js', 'PersistenceManager')) as new (
    directory: string,
  ) => Persistence;
  const persistence = new PersistenceManager(directory);
  // Loading first, then wiring: a load that writes through would replace rows and cascade their messages away.
  persistence.load(sqsStore, snsStore, s3Store);
  sqsStore.persistence = persistence;
  snsStore.persistence = persistence;
  s3Store.persistence = persistence;
  for (const queue of sqsStore.allQueues()) queue.persistence = persistence;

  const database = databaseOf(persistence);
  // A killed process loses nothing; a power cut may lose the newest messages, which the outbox brings again. Three waits
  // for the disk less per message.
  database.exec('PRAGMA synchronous = NORMAL');
  repairVisibility(persistence, database);

  const app = buildApp({ logger: false, stores: { sqsStore, snsStore, s3Store } });
  app.addHook('preClose', async () => persistence.close());
  await app.ready();
  return {
    async handle({ method, url, headers, body }) {
      const answer = await app.inject({ method: method as 'GET', url, headers, payload: body });
      return { status: answer.statusCode, headers: textHeaders(answer.headers), body: answer.rawPayload };
    },
    stop: () => app.close(),
  };
}

/** fauxqs keeps its database to itself, in a field that is private to TypeScript only. */
function databaseOf(persistence: Persistence): DatabaseSync {
  const database: unknown = Reflect.get(persistence, 'db');
  if (!(database instanceof DatabaseSync)) throw new Error('fauxqs keeps its database elsewhere');
  return database;
}

/**
 * fauxqs 2.4.1 stores "visible again" by clearing the receive count too, which its own table refuses: making a message
 * visible (ChangeMessageVisibility 0) then fails and the message is gone until the next start. This stores it right.
 */
function repairVisibility(persistence: Persistence, database: DatabaseSync): void {
  const makeVisible = database.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => {
    makeVisible.run(messageId);
  };
}

/** What describes the connection belongs to the server that has one. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

function textHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !CONNECTION_HEADERS.has(name)) text[name] = String(value);
  }
  return text;
}

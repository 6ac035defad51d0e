import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { REGISTERED_CLIENTS } from './limits.ts';

export type IssuerStore = { readonly adapter: AdapterFactory; close(): void };

const SCHEMA = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS records (
  model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, expires_at INTEGER, grant_id TEXT, uid TEXT, user_code TEXT,
  PRIMARY KEY (model, id)
) STRICT;
CREATE INDEX IF NOT EXISTS by_grant ON records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_uid ON records (model, uid) WHERE uid IS NOT NULL;`;

/** What ends with its grant. An interaction names one too, but outlives it: it may be about to replace it. */
const GRANTED = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/**
 * The issuer's sessions, grants, codes and registered clients, in one file that survives a restart. Access tokens are
 * signed and never stored.
 *
 * @param file in the data directory
 * @param now the machine's clock: what has expired is not found, whether it is still in the file or not
 */
export function openIssuerStore(file: string, now: () => Date): IssuerStore {
  closeSync(openSync(file, 'a', 0o600)); // SQLite would create it readable by all.
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  const seconds = () => Math.floor(now().getTime() / 1000);
  const sweep = database.prepare('DELETE FROM records WHERE expires_at <= ?');
  sweep.run(seconds());
  return {
    adapter: (model) => createAdapter(database, model, seconds, () => sweep.run(seconds())),
    close: () => database.close(),
  };
}

function createAdapter(database: DatabaseSync, model: string, seconds: () => number, sweep: () => void): Adapter {
  const put = database.prepare(
    'INSERT OR REPLACE INTO records (model, id, payload, expires_at, grant_id, uid, user_code) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const by = (column: 'id' | 'uid' | 'user_code') => {
    const statement = database.prepare(
      `SELECT payload FROM records WHERE model = ? AND ${column} = ? AND (expires_at IS NULL OR expires_at > ?)`,
    );
    return async (value: string): Promise<AdapterPayload | undefined> => {
      const row = statement.get(model, value, seconds());
      return typeof row?.payload === 'string' ? JSON.parse(row.payload) : undefined;
    };
  };
  const remove = database.prepare('DELETE FROM records WHERE model = ? AND id = ?');
  const consume = database.prepare(
    "UPDATE records SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?",
  );
  const revoke = database.prepare('DELETE FROM records WHERE grant_id = ?');
  const forgetOldest = database.prepare(
    'DELETE FROM records WHERE model = ? AND rowid NOT IN (SELECT rowid FROM records WHERE model = ? ORDER BY rowid DESC LIMIT ?)',
  );
  return {
    find: by('id'),
    findByUid: by('uid'),
    findByUserCode: by('user_code'),
    async upsert(id, payload, expiresIn) {
      put.run(
        model,
        id,
        JSON.stringify(payload),
        expiresIn ? seconds() + expiresIn : null,
        GRANTED.has(model) ? (payload.grantId ?? null) : null,
        payload.uid ?? null,
        payload.userCode ?? null,
      );
      // Anybody on this machine may register a client: their number is what is bounded.
      if (model === 'Client') forgetOldest.run(model, model, REGISTERED_CLIENTS);
      if (model === 'Session') sweep();
    },
    async consume(id) {
      consume.run(seconds(), model, id);
    },
    async destroy(id) {
      remove.run(model, id);
    },
    async revokeByGrantId(grantId) {
      revoke.run(grantId);
    },
  };
}

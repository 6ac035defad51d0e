import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { KEPT_MAILS } from './limits.ts';

/** A mail as it was sent. */
export type Mail = {
  readonly id: string;
  readonly from: string;
  /** Comma-separated where there are several. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** RFC 3339, the machine's clock. */
  readonly sentAt: string;
};

export type MailStore = {
  add(mail: Mail): void;
  /** Newest first. */
  list(): readonly Mail[];
  find(id: string): Mail | undefined;
  close(): void;
};

const Row = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  sentAt: z.string(),
});

/** The newest 500 mails, in one file that survives a restart. */
export function openMailStore(file: string): MailStore {
  closeSync(openSync(file, 'a', 0o600)); // SQLite would create it readable by all.
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS mails (id TEXT PRIMARY KEY, mail TEXT NOT NULL) STRICT;',
  );
  const insert = database.prepare('INSERT INTO mails (id, mail) VALUES (?, ?)');
  const forgetOldest = database.prepare(
    'DELETE FROM mails WHERE rowid NOT IN (SELECT rowid FROM mails ORDER BY rowid DESC LIMIT ?)',
  );
  const all = database.prepare('SELECT mail FROM mails ORDER BY rowid DESC');
  const one = database.prepare('SELECT mail FROM mails WHERE id = ?');
  const read = (row: unknown): Mail => Row.parse(JSON.parse(z.object({ mail: z.string() }).parse(row).mail));
  return {
    add(mail) {
      insert.run(mail.id, JSON.stringify(mail));
      forgetOldest.run(KEPT_MAILS);
    },
    list: () => all.all().map(read),
    find(id) {
      const row = one.get(id);
      return row && read(row);
    },
    close: () => database.close(),
  };
}

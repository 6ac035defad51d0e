/** The stored form of an access-log entry: a link of its shard's hash chain. */
import {
  ACCESS_EVENT_TYPES,
  ACCESS_WRITERS,
  type AccessEntry,
  canonicalize,
  type Digest,
  digest,
  digestOf,
  instant,
  type Json,
} from '@countersign/approvals';
import * as z from 'zod';
import { ACCESS_DATA_BYTES_MAX, ACCESS_KEPT_SECONDS } from '../limits.ts';
import type { Omitted } from './access-budget.ts';
import { fromItem, type Item, NotJson, toItem } from './attributes.ts';
import { accessKey } from './keys.ts';

export interface AccessRecord extends AccessEntry {
  readonly format: 'countersign.access/v1';
  readonly shard: number;
  /** From 1 within the shard. */
  readonly seq: number;
  /** Hash of the record before; null for the first, and after a record that could not be read. */
  readonly previous: Digest | null;
  /** Random: two equal entries of two processes are two. */
  readonly entryId: string;
  /** What was not written since the entry before, by type. */
  readonly omitted: Omitted | null;
}

export const accessHash = (record: AccessRecord): Digest => digestOf('countersign.dev/access/v1', record);

const schema = z.strictObject({
  format: z.literal('countersign.access/v1'),
  shard: z.number().int().min(0),
  seq: z.number().int().min(1),
  previous: digest.nullable(),
  entryId: z.string(),
  omitted: z.partialRecord(z.enum(ACCESS_EVENT_TYPES), z.number().int().min(1)).nullable(),
  writer: z.enum(ACCESS_WRITERS),
  at: instant,
  type: z.enum(ACCESS_EVENT_TYPES),
  actor: z.string().nullable(),
  planId: z.string().nullable(),
  data: z.record(z.string(), z.json()),
});

export function accessItem(record: AccessRecord): Item {
  const expiresAtEpoch = Math.ceil(Date.parse(record.at) / 1000) + ACCESS_KEPT_SECONDS;
  const omitted = record.omitted === null ? null : { ...record.omitted };
  return {
    ...accessKey(record.writer, record.shard, record.seq),
    ...toItem({ ...record, omitted, data: canonicalize(record.data), expiresAtEpoch }),
  };
}

/** Undefined for what is no record of ours. */
export function readAccessRecord(item: Item): AccessRecord | undefined {
  try {
    const { pk, sk, expiresAtEpoch, data, ...members } = fromItem(item);
    const parsed = schema.safeParse({ ...members, data: typeof data === 'string' ? JSON.parse(data) : data });
    if (!parsed.success) return undefined;
    const record = parsed.data as AccessRecord;
    const key = accessKey(record.writer, record.shard, record.seq);
    return pk === key.pk.S && sk === key.sk.S ? record : undefined;
  } catch (error) {
    if (error instanceof NotJson || error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The entry as it can be hashed and stored. Names and facts come from requests: half a surrogate pair or a huge value must neither
 * break the chain nor keep its sender out of the log.
 */
export function storableEntry(entry: AccessEntry): AccessEntry {
  const short = (text: string | null): string | null => (text === null ? null : text.slice(0, 200).toWellFormed());
  const { writer, at, type } = entry;
  return { writer, at, type, actor: short(entry.actor), planId: short(entry.planId), data: storableData(entry.data) };
}

function storableData(data: AccessEntry['data']): AccessEntry['data'] {
  const text = JSON.stringify(data, (_name, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
  if (Buffer.byteLength(text, 'utf8') > ACCESS_DATA_BYTES_MAX) return { omitted: 'too large' };
  const clean = JSON.parse(text) as Record<string, Json>;
  try {
    canonicalize(clean);
    return clean;
  } catch {
    return { omitted: 'not representable' };
  }
}

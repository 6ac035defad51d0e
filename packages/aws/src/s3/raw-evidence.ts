/**
 * Raw evidence in S3: one object a plan, written once, before the plan is. Only propose and execute may read the bucket; encryption and
 * retention are the bucket's own. What is read back is checked for its form here and against the commitments by execute.
 */
import {
  canonicalize,
  NotCanonicalizable,
  PLAN_ID_PATTERN,
  parseCanonical,
  type RawEvidence,
  type RawEvidenceStore,
  rawEvidenceSchema,
  UnreadableRecord,
} from '@countersign/approvals';
import { RAW_EVIDENCE_BYTES_MAX } from '../limits.ts';
import { nameOf } from '../upstream-error.ts';
import type { S3 } from './s3.ts';

export const rawEvidenceKey = (planId: string): string => `raw/${planId}.json`;

/** `put` throws when other evidence lies under the plan's key; `get` throws UnreadableRecord; both throw Unavailable. */
export function s3RawEvidence(s3: S3, bucket: string): RawEvidenceStore {
  return {
    async put(evidence) {
      const Key = rawEvidenceKey(evidence.planId);
      const Body = canonicalize(evidence);
      if (Buffer.byteLength(Body, 'utf8') > RAW_EVIDENCE_BYTES_MAX)
        throw new TypeError(`raw evidence exceeds ${RAW_EVIDENCE_BYTES_MAX} bytes`);
      try {
        // Create once: whoever can write to the bucket later still cannot have been first (RFC 9110 section 13.1.2).
        await s3.call('PutObject', { Bucket: bucket, Key, Body, ContentType: 'application/json', IfNoneMatch: '*' });
      } catch (error) {
        if (nameOf(error) !== 'PreconditionFailed' && nameOf(error) !== 'ConditionalRequestConflict') throw error;
        // The SDK may have sent our own put twice; anything else under a random id is not ours.
        if ((await stored(s3, bucket, Key)) !== Body) throw new Error(`other raw evidence lies under ${Key}`);
      }
    },

    async get(planId) {
      if (!PLAN_ID_PATTERN.test(planId)) return null;
      const text = await stored(s3, bucket, rawEvidenceKey(planId));
      return text === null ? null : parsed(planId, text);
    },
  };
}

async function stored(s3: S3, Bucket: string, Key: string): Promise<string | null> {
  try {
    // One byte more than can be ours and no further: an object of gigabytes must not fill the executor's memory.
    const { Body } = await s3.call('GetObject', { Bucket, Key, Range: `bytes=0-${RAW_EVIDENCE_BYTES_MAX}` });
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    if (bytes.length > RAW_EVIDENCE_BYTES_MAX) throw new UnreadableRecord('raw evidence', Key);
    return Buffer.from(bytes).toString('utf8');
  } catch (error) {
    if (nameOf(error) === 'NoSuchKey') return null;
    // Nothing has the first byte of an empty object.
    if (nameOf(error) === 'InvalidRange') throw new UnreadableRecord('raw evidence', Key);
    throw error;
  }
}

function parsed(planId: string, text: string): RawEvidence {
  try {
    const evidence = rawEvidenceSchema.safeParse(parseCanonical(text));
    // Another plan's evidence under this plan's key is not this plan's.
    if (evidence.success && evidence.data.planId === planId) return evidence.data;
  } catch (error) {
    if (!(error instanceof NotCanonicalizable)) throw error;
  }
  throw new UnreadableRecord('raw evidence', planId);
}

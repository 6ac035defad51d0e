/**
 * Evidence is two documents. *Shown* is what people, agents and bundles see: each redacted leaf is replaced by a commitment. *Raw* is
 * readable by propose and execute alone; execute checks it against the commitments before it trusts it.
 */
import * as z from 'zod';
import { canonicalize, type Json, NotCanonicalizable, parseCanonical } from './canonical.ts';
import { commit, type Digest, digestOf } from './digest.ts';
import { digest, operation, target } from './intent.ts';

/** RFC 6901 JSON pointer. */
const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*)*$/)
  .max(2_000);
const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const text = z.string().max(2_000);

export const shownObject = z.strictObject({ step: z.number().int().min(1), object: json.nullable() });
export const change = z.strictObject({
  /** How a person names the field: `containers[web].image`. */
  label: z.string().max(500),
  path: pointer,
  kind: z.enum(['added', 'removed', 'changed']),
  from: z.string().max(4_000).nullable(),
  to: z.string().max(4_000).nullable(),
  /** `mark`: Countersign's own annotation; `unclassified`: no rule of ours understands this path, so it blocks the low tier. */
  meaning: z.enum(['requested', 'mark', 'consequence', 'unclassified']),
});
export type Change = z.infer<typeof change>;
export const objectDiff = z.strictObject({
  step: z.number().int().min(1),
  changes: z.array(change),
  raw: z.string().max(100_000),
});
export type ObjectDiff = z.infer<typeof objectDiff>;
export const finding = z.strictObject({
  severity: z.enum(['deny', 'warn', 'pass']),
  code: z.string().max(63),
  step: z.number().int().min(1),
  message: text,
});
export type Finding = z.infer<typeof finding>;
export const touch = z.strictObject({
  severity: z.enum(['warn', 'ok', 'info']),
  code: z.string().max(63),
  message: text,
});
export type Touch = z.infer<typeof touch>;
export const undo = z.strictObject({
  /** Null where no inverse is known; never run without its own approval. */
  steps: z.array(z.strictObject({ target, operation })).nullable(),
  message: text,
});
export type Undo = z.infer<typeof undo>;
export const successCriterion = z.discriminatedUnion('type', [
  /** The rollout of the step's object is complete: observed generation, all replicas updated, available, none unavailable. */
  z.strictObject({ type: z.literal('rollout'), step: z.number().int().min(1), replicas: z.number().int().min(0) }),
  z.strictObject({
    type: z.literal('endpoints'),
    namespace: z.string(),
    service: z.string(),
    readyMin: z.number().int().min(0),
  }),
  /** The step's object is there and not being deleted. */
  z.strictObject({ type: z.literal('present'), step: z.number().int().min(1) }),
  /** The step's object, by its uid, is gone. */
  z.strictObject({ type: z.literal('absent'), step: z.number().int().min(1) }),
]);
export type SuccessCriterion = z.infer<typeof successCriterion>;
export const successCriteria = z.strictObject({
  withinSeconds: z.number().int().min(1),
  all: z.array(successCriterion),
});

export const shownEvidenceSchema = z.strictObject({
  format: z.literal('countersign.evidence/v1'),
  /** Objects as they were read, before the change. */
  live: z.array(shownObject),
  /** What the API server said that they would be. */
  dryRun: z.array(shownObject),
  /** When, by which server version, with which warnings. */
  dryRunFacts: z.strictObject({ at: z.string(), serverVersion: z.string().max(100), warnings: z.array(text) }),
  diff: z.array(objectDiff),
  findings: z.array(finding),
  blastRadius: z.array(touch),
  undo,
  successCriteria,
});
export type ShownEvidence = z.infer<typeof shownEvidenceSchema>;

export const EVIDENCE_PARTS = [
  'live',
  'dryRun',
  'dryRunFacts',
  'diff',
  'findings',
  'blastRadius',
  'undo',
  'successCriteria',
] as const;
export type EvidencePart = (typeof EVIDENCE_PARTS)[number];
export const evidenceDigests = z.strictObject({
  live: digest,
  dryRun: digest,
  dryRunFacts: digest,
  diff: digest,
  findings: digest,
  blastRadius: digest,
  undo: digest,
  successCriteria: digest,
});
export type EvidenceDigests = z.infer<typeof evidenceDigests>;

/** One digest a part, over `{part, value}`: a part cannot be passed off as another. */
export function digestsOfEvidence(evidence: ShownEvidence): EvidenceDigests {
  const of = (part: EvidencePart): Digest => digestOf('countersign.dev/evidence/v1', { part, value: evidence[part] });
  return {
    live: of('live'),
    dryRun: of('dryRun'),
    dryRunFacts: of('dryRunFacts'),
    diff: of('diff'),
    findings: of('findings'),
    blastRadius: of('blastRadius'),
    undo: of('undo'),
    successCriteria: of('successCriteria'),
  };
}

export const evidenceBytes = (evidence: ShownEvidence): string => canonicalize(evidence);

export function readEvidence(bytes: string): ShownEvidence | undefined {
  try {
    const parsed = shownEvidenceSchema.safeParse(parseCanonical(bytes));
    return parsed.success && canonicalize(parsed.data) === bytes ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof NotCanonicalizable) return undefined;
    throw error;
  }
}

/** One hidden leaf: where, why, and the commitment that stands in its place in both documents. */
export const redaction = z.strictObject({
  step: z.number().int().min(1),
  path: pointer,
  /** Where the leaf stands in the dry run, if a list was reordered around it. Absent: at the same path. */
  after: pointer.optional(),
  reason: z.enum(['environment-value', 'last-applied', 'secret-like', 'token-like', 'config-value', 'not-checked']),
  commitment: digest,
});
export type Redaction = z.infer<typeof redaction>;

/** The one member of what stands in the place of a hidden leaf. */
const REDACTED = 'countersign.dev/redacted';
/** What stands in the place of a hidden leaf. */
export const redactedLeaf = (commitment: Digest): Json => ({ [REDACTED]: commitment });

/** Raw evidence of a plan; stored apart under its own key, never shown. Salts are 128 random bits, base64url. */
export const rawEvidenceSchema = z.strictObject({
  format: z.literal('countersign.raw-evidence/v1'),
  planId: z.string(),
  steps: z.array(
    z.strictObject({
      step: z.number().int().min(1),
      live: json.nullable(),
      dryRun: json.nullable(),
      freshnessSalt: z.string(),
      /** JSON pointer of each hidden leaf -> its salt. The same leaf has the same salt in both documents, so that "unchanged" is visible. */
      leafSalts: z.record(z.string(), z.string()),
      /** The same for the dry run, where a leaf stands at another place there. Absent: `leafSalts` hold for both. */
      dryRunLeafSalts: z.record(z.string(), z.string()).optional(),
      /** JSON pointer of each hidden leaf of the operation's own manifest or template -> what stands there and its salt. Absent: none is hidden. */
      operationLeaves: z.record(z.string(), z.strictObject({ salt: z.string(), value: json })).optional(),
    }),
  ),
});
export type RawEvidence = z.infer<typeof rawEvidenceSchema>;
export type OperationLeaves = NonNullable<RawEvidence['steps'][number]['operationLeaves']>;

/** Replaces the named leaves of a raw object by their commitments. A pointer that is not there is left out. */
export function show(object: Json, leafSalts: Readonly<Record<string, string>>): Json {
  let shown = object;
  for (const [path, salt] of Object.entries(leafSalts)) {
    shown = replaceAt(shown, tokensOf(path), (value) => redactedLeaf(commit(salt, value)));
  }
  return shown;
}

/**
 * An operation's manifest or template with its hidden leaves put back. Undefined where a leaf is not the committed one, is missing, or was
 * never hidden: then it is not what was approved.
 */
export function reveal(document: Json, leaves: OperationLeaves): Json | undefined {
  let raw = document;
  for (const [path, { salt, value }] of Object.entries(leaves)) {
    let found = false;
    raw = replaceAt(raw, tokensOf(path), (standIn) => {
      found = canonicalize(standIn) === canonicalize(redactedLeaf(commit(salt, value)));
      return value;
    });
    if (!found) return undefined;
  }
  return holdsRedactedLeaf(raw) ? undefined : raw;
}

/** Whether a commitment stands for a value somewhere in it. Nobody may ask for one: it would be filled from another's evidence. */
export function holdsRedactedLeaf(document: Json): boolean {
  if (document === null || typeof document !== 'object') return false;
  if (Array.isArray(document)) return document.some(holdsRedactedLeaf);
  return Object.entries(document).some(([key, value]) => key === REDACTED || holdsRedactedLeaf(value));
}

export const tokensOf = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
export const pointerOf = (tokens: readonly string[]): string =>
  tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function replaceAt(node: Json, tokens: readonly string[], change: (value: Json) => Json): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) return change(node);
  if (Array.isArray(node)) {
    return node.map((item, at) => (String(at) === token ? replaceAt(item, rest, change) : item));
  }
  if (node === null || typeof node !== 'object' || !Object.hasOwn(node, token)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === token ? replaceAt(value, rest, change) : value]),
  );
}

/** The intent: the exact change, as data. Nothing is generated when it runs. */
import * as z from 'zod';
import { canonicalize, type Json, NotCanonicalizable, parseCanonical } from './canonical.ts';
import { type Digest, digestOf, digestOfText } from './digest.ts';
import { GRACE_PERIOD_SECONDS_MAX, INTENT_STEPS_MAX, METADATA_ENTRIES_MAX } from './limits.ts';
import { pass, type Result, refuse } from './result.ts';

/** RFC 1123 label: what namespaces are named by. */
export const NAMESPACE_PATTERN = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** RFC 1123 subdomain: what most objects are named by. */
export const OBJECT_NAME_PATTERN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** RFC 3339 in UTC with milliseconds: one spelling per instant, so that instants compare as text. */
export const INSTANT_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** RFC 3339 in UTC with whole seconds, as kubectl writes a restart. */
const WHOLE_SECOND_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** A real instant in that one spelling: `2026-99-99…` would compare as text and be NaN as a number. */
export const instant = z
  .string()
  .regex(INSTANT_PATTERN)
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text);
export const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .transform((text) => text as Digest);

/** kube-system's uid and the hash of the API server's CA: never a name alone. */
export const clusterIdentity = z.strictObject({
  name: z.string().min(1).max(63),
  uid: z.string().min(1).max(64),
  ca: digest,
});
export type ClusterIdentity = z.infer<typeof clusterIdentity>;

export const target = z.strictObject({
  apiVersion: z.string().min(1).max(100),
  kind: z.string().regex(/^[A-Z][A-Za-z0-9]{0,62}$/),
  namespace: z.string().regex(NAMESPACE_PATTERN),
  name: z.string().regex(OBJECT_NAME_PATTERN),
  /** Absent only for an object that the step creates. */
  uid: z.string().min(1).max(64).nullable(),
});
export type Target = z.infer<typeof target>;

/** Any JSON; what it may hold is judged by the adapter and the policy. */
const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
/** Any JSON object. */
const jsonObject = z.record(z.string(), json);
/** A label or annotation key (Kubernetes: optional DNS subdomain, `/`, name). */
const METADATA_KEY_PATTERN = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
/** The value of a label. */
const LABEL_VALUE_PATTERN = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const entries = <T extends z.ZodType>(value: T) =>
  z
    .record(z.string().regex(METADATA_KEY_PATTERN), value.nullable())
    .refine((record) => Object.keys(record).length > 0 && Object.keys(record).length <= METADATA_ENTRIES_MAX, {
      message: `1 to ${METADATA_ENTRIES_MAX} entries`,
    });

/** What a request and an intent say in the same words. */
export const sharedOperations = [
  z.strictObject({ type: z.literal('scale'), replicas: z.number().int().min(0).max(1_000) }),
  z.strictObject({
    type: z.literal('set-image'),
    container: z.string().regex(NAMESPACE_PATTERN),
    image: z.string().min(1).max(512),
  }),
  /** Null takes a label away. */
  z.strictObject({ type: z.literal('label'), labels: entries(z.string().regex(LABEL_VALUE_PATTERN)) }),
  z.strictObject({ type: z.literal('annotate'), annotations: entries(z.string().max(10_000)) }),
  /** RFC 6902, RFC 7396, or Kubernetes' strategic merge. */
  z.strictObject({ type: z.literal('patch'), patchType: z.enum(['json', 'merge', 'strategic']), patch: json }),
  /** Server-side apply without force. On a target without uid it creates, and only where the object is absent. */
  z.strictObject({ type: z.literal('apply'), manifest: jsonObject }),
] as const;
/** Kubernetes' DeletionPropagation. */
export const propagation = z.enum(['Background', 'Foreground', 'Orphan']);
export const gracePeriodSeconds = z.number().int().min(0).max(GRACE_PERIOD_SECONDS_MAX).nullable();

/**
 * A manifest or template may hold hidden leaves (`redactedLeaf`): their values lie in the raw evidence, bound by the commitment that
 * stands in their place, and are put back only when a request is made.
 */
export const operation = z.discriminatedUnion('type', [
  /** restartedAt is written verbatim into the pod template: the approved timestamp is the executed one. */
  z.strictObject({ type: z.literal('restart'), restartedAt: z.string().regex(WHOLE_SECOND_PATTERN) }),
  ...sharedOperations,
  /** The pod template as that revision had it, whole: at execution nothing is looked up. */
  z.strictObject({ type: z.literal('rollback'), revision: z.number().int().min(1), template: jsonObject }),
  /** `gracePeriodSeconds` null: the object's own. */
  z.strictObject({ type: z.literal('delete'), propagation, gracePeriodSeconds }),
]);
export type Operation = z.infer<typeof operation>;
export type OperationType = Operation['type'];
export const OPERATION_TYPES = [
  'restart',
  'scale',
  'set-image',
  'label',
  'annotate',
  'patch',
  'apply',
  'rollback',
  'delete',
] as const satisfies readonly OperationType[];

export const step = z
  .strictObject({ target, operation })
  .refine((s) => s.target.uid !== null || s.operation.type === 'apply', {
    message: 'only an apply may have a target without uid: the object that it creates',
  });
export type Step = z.infer<typeof step>;

/** How a step's object is compared: what is made or taken away has other paths that nobody can know before. */
export type ComparedAs = 'change' | 'create' | 'delete';
export function comparedAs({ target, operation: { type } }: Step): ComparedAs {
  if (type === 'delete') return 'delete';
  return target.uid === null ? 'create' : 'change';
}

export const intentSchema = z
  .strictObject({
    format: z.literal('countersign.intent/v1'),
    cluster: clusterIdentity,
    steps: z.array(step).min(1).max(INTENT_STEPS_MAX),
  })
  .refine((intent) => new Set(intent.steps.map((s) => targetKey(s.target))).size === intent.steps.length, {
    message: 'at most one step per object',
  });
export type Intent = z.infer<typeof intentSchema>;

export const intentDigest = (intent: Intent): Digest => digestOf('countersign.dev/intent/v1', intent);

/** `kind.group/namespace/name`: one text per object within a cluster, whatever the served version. */
export function targetKey(object: Pick<Target, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string {
  const group = object.apiVersion.includes('/') ? object.apiVersion.slice(0, object.apiVersion.indexOf('/')) : 'core';
  return `${object.kind}.${group}/${object.namespace}/${object.name}`;
}

/** The canonical bytes of an intent, which are what is stored. */
export const intentBytes = (intent: Intent): string => canonicalize(intent);

/** Reads stored bytes; the digest is recomputed from these very bytes, never taken from beside them. */
export function readIntent(bytes: string): Result<{ readonly intent: Intent; readonly digest: Digest }, 'unreadable'> {
  try {
    const parsed = intentSchema.safeParse(parseCanonical(bytes));
    // What was parsed is what was digested: no member (`__proto__`) may fall out on the way.
    if (!parsed.success || canonicalize(parsed.data) !== bytes) return refuse('unreadable');
    return pass({ intent: parsed.data, digest: digestOfText('countersign.dev/intent/v1', bytes) });
  } catch (error) {
    if (error instanceof NotCanonicalizable) return refuse('unreadable');
    throw error;
  }
}

/**
 * Annotations with `<planId>/<step>/<intentDigest>`: what the write carries, so that the cluster itself says which plan wrote (steps count
 * from 1). One a way of writing: server-side apply owns fields apart from patches even under the same manager, so an apply would conflict
 * with the mark of an earlier patch; and only a create may set the third, which makes "must be absent" a rule of the API server.
 */
export const PLAN_ANNOTATION = 'countersign.dev/plan';
export const APPLIED_ANNOTATION = 'countersign.dev/applied';
export const CREATED_ANNOTATION = 'countersign.dev/created';
export const MARK_ANNOTATIONS = [PLAN_ANNOTATION, APPLIED_ANNOTATION, CREATED_ANNOTATION] as const;
export function markAnnotation(written: Step): (typeof MARK_ANNOTATIONS)[number] {
  if (written.operation.type !== 'apply') return PLAN_ANNOTATION;
  return comparedAs(written) === 'create' ? CREATED_ANNOTATION : APPLIED_ANNOTATION;
}
export const FIELD_MANAGER = 'countersign';
export const planMark = (planId: string, stepNumber: number, digestOfIntent: Digest): string =>
  `${planId}/${stepNumber}/${digestOfIntent}`;

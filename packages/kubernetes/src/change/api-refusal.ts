/**
 * The API server's refusal of a change -> our own words. Its texts may quote the manifest, an environment value or whatever a webhook
 * wrote, so none of it passes: only which kind of refusal it was, and names
 * that have the shape of names.
 */
import type { Json, Refusal, RefusalOf } from '@countersign/approvals';
import { CONFLICT_CHARACTERS_MAX, FIELD_CONFLICTS_MAX } from '../limits.ts';
import { listAt, textAt } from '../objects/json-at.ts';
import { redactLine } from '../redaction/redact-lines.ts';

export type ChangeRefusal =
  | { readonly kind: 'conflict' }
  | { readonly kind: 'field-conflict'; readonly conflicts: RefusalOf<'target.field_conflict'>['conflicts'] }
  | { readonly kind: 'gone' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'webhook-without-dry-run' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** A redirect, a 5xx: nobody can tell whether something happened. */
  | { readonly kind: 'unclear' };

export function changeRefusal(httpStatus: number, status: Json): ChangeRefusal {
  const message = textAt(status, 'message') ?? '';
  switch (httpStatus) {
    case 400:
      return WEBHOOK_WITHOUT_DRY_RUN.test(message)
        ? { kind: 'webhook-without-dry-run' }
        : refused(message, status, 'it does not understand the change');
    case 401:
      return { kind: 'forbidden' };
    case 403:
      return RBAC.test(message)
        ? { kind: 'forbidden' }
        : refused(message, status, 'an admission rule forbids the change');
    case 404:
      return { kind: 'gone' };
    case 408:
    case 429:
      return { kind: 'busy' };
    case 409: {
      const conflicts = fieldConflicts(status);
      return conflicts.length > 0 ? { kind: 'field-conflict', conflicts } : { kind: 'conflict' };
    }
    case 413:
      return { kind: 'refused', reason: 'the change is too large for it' };
    case 415:
      return { kind: 'refused', reason: 'it does not take this kind of patch' };
    case 422:
      return refused(message, status, 'the changed object would not be valid');
    case 500:
      // Server-side apply has no better answer for what its kind does not have; it is said before anything is written.
      return UNTYPED_APPLY.test(message)
        ? {
            kind: 'refused',
            reason: 'the manifest names a field that the kind does not have, or a value of another type',
          }
        : { kind: 'unclear' };
    default:
      return httpStatus >= 400 && httpStatus < 500
        ? refused(message, status, 'it refuses the change')
        : { kind: 'unclear' };
  }
}

const NAME = '[a-z0-9][a-z0-9.-]{0,252}';
const WEBHOOK_WITHOUT_DRY_RUN = /^admission webhook "[^"]{1,253}" does not support dry run/;
/** RBAC names user and verb: `deployments.apps "web" is forbidden: User "..." cannot patch resource ...`. */
const RBAC = /is forbidden: User "[^"]{0,253}" cannot /;
const UNTYPED_APPLY = /^failed to create typed patch object/;
const WEBHOOK = new RegExp(`^admission webhook "(${NAME})" denied the request`);
const POLICY = new RegExp(`ValidatingAdmissionPolicy '(${NAME})' with binding '${NAME}' denied request`);
const QUOTA = /is forbidden: exceeded quota/;

function refused(message: string, status: Json, otherwise: string): ChangeRefusal {
  const webhook = WEBHOOK.exec(message)?.[1];
  const policy = POLICY.exec(message)?.[1];
  if (webhook !== undefined) return { kind: 'refused', reason: `the admission webhook ${webhook} denies it` };
  if (policy !== undefined) return { kind: 'refused', reason: `the admission policy ${policy} denies it` };
  if (QUOTA.test(message)) return { kind: 'refused', reason: 'it would exceed a quota of the namespace' };
  const fields = invalidFields(status);
  return { kind: 'refused', reason: fields.length > 0 ? `${otherwise} (${fields.join('; ')})` : otherwise };
}

const CAUSES: Readonly<Record<string, string>> = {
  FieldValueInvalid: 'has an invalid value',
  FieldValueRequired: 'is required',
  FieldValueNotSupported: 'has a value that is not supported',
  FieldValueForbidden: 'may not be set',
  FieldValueDuplicate: 'is there twice',
  FieldValueTooLong: 'is too long',
  FieldValueTooMany: 'has too many items',
  FieldValueTypeInvalid: 'has another type',
};
/** A field's path, without map keys, which people choose. */
const FIELD = /^[A-Za-z][A-Za-z0-9]{0,60}(?:\.[A-Za-z][A-Za-z0-9]{0,60}|\[\d{1,4}\]){0,12}$/;

const invalidFields = (status: Json): readonly string[] =>
  listAt(status, 'details', 'causes')
    .flatMap((cause) => {
      const [field, words] = [textAt(cause, 'field') ?? '', CAUSES[textAt(cause, 'reason') ?? '']];
      return words !== undefined && FIELD.test(field) ? [`${field} ${words}`] : [];
    })
    .slice(0, 3);

const OWNER = /^conflict with "([^"]{1,128})"/;

/** A server-side apply without force names the owner of each field that it would take. Both names are people's: neutralised, capped. */
const fieldConflicts = (status: Json): RefusalOf<'target.field_conflict'>['conflicts'] =>
  listAt(status, 'details', 'causes')
    .filter((cause) => textAt(cause, 'reason') === 'FieldManagerConflict')
    .slice(0, FIELD_CONFLICTS_MAX)
    .map((cause) => ({
      field: redactLine(textAt(cause, 'field') ?? '', CONFLICT_CHARACTERS_MAX),
      owner: redactLine(OWNER.exec(textAt(cause, 'message') ?? '')?.[1] ?? 'another manager', CONFLICT_CHARACTERS_MAX),
    }));

/** The refusal of a dry run as the core names it; undefined where the cluster gave no verdict (`busy`, `unclear`). */
export function dryRunRefusal(
  refusal: ChangeRefusal,
  target: { kind: string; namespace: string; name: string },
): Refusal | undefined {
  switch (refusal.kind) {
    case 'conflict':
      return { code: 'write.conflict' };
    case 'field-conflict':
      return { code: 'target.field_conflict', conflicts: refusal.conflicts };
    case 'gone':
      return { code: 'target.not_found', kind: target.kind, namespace: target.namespace, name: target.name };
    case 'forbidden':
      return { code: 'cluster.forbidden' };
    case 'webhook-without-dry-run':
      return { code: 'dry_run.unsupported_webhook' };
    case 'refused':
      return { code: 'dry_run.refused', reason: refusal.reason };
    case 'busy':
    case 'unclear':
      return undefined;
  }
}

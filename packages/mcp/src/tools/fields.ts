/**
 * Arguments that several tools share. Names are held to the API server's own grammar, so that nothing that looks like a flag, a path or a
 * shell passes as one (CVE-2026-61459, CVE-2025-53355); nothing here is ever part of a command line anyway.
 */
import {
  NAMESPACE_PATTERN,
  OBJECT_NAME_PATTERN,
  planId as planIdSchema,
  WORDS_REASON_CHARACTERS_MAX,
} from '@countersign/approvals';
import * as z from 'zod';
import {
  CONTINUE_CHARACTERS_MAX,
  IMAGE_CHARACTERS_MAX,
  KIND_CHARACTERS_MAX,
  SELECTOR_CHARACTERS_MAX,
} from '../limits.ts';

export const namespace = z
  .string()
  .regex(NAMESPACE_PATTERN, 'must be a namespace name (RFC 1123 label)')
  .describe('One of get_allowed_namespaces.');

const objectName = z.string().regex(OBJECT_NAME_PATTERN, 'must be an object name (RFC 1123 subdomain)');
export const podName = objectName.describe('Pod name, as get_k8s_status lists it.');
export const resourceName = objectName.describe('Object name, as get_k8s_status lists it.');

/** No slash, no comma, no dot at the end, no dash in front: one name is one kind or none. */
export const kind = z
  .string()
  .max(KIND_CHARACTERS_MAX)
  .regex(
    /^[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){0,20}$/,
    'must be a Kind, plural, singular, short name or plural.group',
  )
  .describe('Kind, plural, singular, short name or plural.group, as get_api_resources lists it.');

export const apiGroup = z
  .string()
  .regex(/^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$/, 'must be an API group')
  .describe('Such as apps; core for the core group.');

export const detail = z.enum(['concise', 'detailed']).default('concise');

export const continueToken = z
  .string()
  .max(CONTINUE_CHARACTERS_MAX)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be the continue of an earlier answer')
  .describe('continue of the last answer, with the same other arguments.');

export const containerName = z.string().regex(NAMESPACE_PATTERN, 'must be a container name (RFC 1123 label)');

/** Registry with port, path, tag and digest; no white space, no quote, nothing that a URL or a shell would read. */
export const image = z
  .string()
  .max(IMAGE_CHARACTERS_MAX)
  .regex(/^[a-z0-9][A-Za-z0-9._:/@-]*$/, 'must be an image reference')
  .describe('Image with a tag or digest, such as registry.example:5000/shop/web:1.4.2. latest is refused.');

export const planId = planIdSchema.describe('planId of a request_* answer or of get_pending_approvals.');

export const reason = z
  .string()
  .trim()
  .min(1, 'say why, for the person who decides')
  .max(WORDS_REASON_CHARACTERS_MAX)
  .refine((text) => text.isWellFormed(), 'must be well-formed text')
  .describe('Why, in plain words, for the person who decides. Shown to them as your words, marked as unverified.');

const LABEL_KEY = '[A-Za-z0-9]([A-Za-z0-9._/-]{0,250}[A-Za-z0-9])?';
const LABEL_VALUE = '([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?';
const REQUIREMENT = new RegExp(
  `^(!?${LABEL_KEY}|${LABEL_KEY}(=|==|!=)${LABEL_VALUE}|${LABEL_KEY} (in|notin) \\(${LABEL_VALUE}(, ?${LABEL_VALUE}){0,20}\\))$`,
);

export const labelSelector = z
  .string()
  .max(SELECTOR_CHARACTERS_MAX)
  .refine((text) => requirementsOf(text).every((part) => REQUIREMENT.test(part)), 'must be a label selector')
  .describe('Label selector, such as app=web,tier!=cache.');

/** Commas between requirements, not those within `in (...)`. */
const requirementsOf = (text: string): readonly string[] => text.split(/,(?![^(]*\))/).map((part) => part.trim());

const FIELD_REQUIREMENT =
  /^(type|reason|reportingComponent|involvedObject\.(kind|name|uid|fieldPath))(=|==|!=)[A-Za-z0-9._{}[\]-]{0,253}$/;

export const eventFieldSelector = z
  .string()
  .max(SELECTOR_CHARACTERS_MAX)
  .refine((text) => text.split(',').every((part) => FIELD_REQUIREMENT.test(part)), {
    message: 'must name type, reason, reportingComponent or involvedObject.kind, .name, .uid, .fieldPath',
  })
  .describe('Field selector, such as involvedObject.name=web,type=Warning.');

const ANY_FIELD = /^[A-Za-z][A-Za-z0-9]{0,62}(\.[A-Za-z][A-Za-z0-9]{0,62}){0,8}(=|==|!=)[A-Za-z0-9._:/@{}[\]-]{0,253}$/;

export const fieldSelector = z
  .string()
  .max(SELECTOR_CHARACTERS_MAX)
  .refine((text) => text.split(',').every((part) => ANY_FIELD.test(part) && !/^[^=!]*\.namespace[=!]/.test(part)), {
    message: 'must be a field selector, and none of a namespace',
  })
  .describe('Field selector, such as status.phase=Running.');

export const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true } as const;

/** Kinds of the operations that only some have. The adapter decides what of it a plan may change. */
export const SCALED_KINDS = ['Deployment', 'StatefulSet', 'ReplicaSet'] as const;
export const ROLLED_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export const scaledKind = z.enum(SCALED_KINDS).default('Deployment');
export const rolledKind = z.enum(ROLLED_KINDS).default('Deployment');
export const changedKind = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9]{0,62}$/, 'must be a Kind, such as Deployment')
  .describe('Kind, such as Deployment. Secrets are refused.');
export const workloadName = objectName.describe('Workload name, as get_k8s_status lists it.');

/** A manifest that may be asked for: one object of one namespace, without what only the API server sets. */
import {
  holdsRedactedLeaf,
  type Json,
  NAMESPACE_PATTERN,
  OBJECT_NAME_PATTERN,
  pass,
  type Result,
  refuse,
} from '@countersign/approvals';
import { boundsIssue } from './document-bounds.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  /** The very one in `object`, or the one that the caller named beside it. */
  readonly namespace: string;
  readonly name: string;
  readonly object: { readonly [key: string]: Json };
}

/** Group and version, or the version of the core group. */
const API_VERSION_PATTERN = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?v[a-z0-9]{1,30}$/;
const KIND_PATTERN = /^[A-Z][A-Za-z0-9]{0,62}$/;
/** Fields of metadata with which the object that runs would not be the one that is shown. */
const SERVER_SET = ['uid', 'resourceVersion', 'managedFields', 'generateName', 'selfLink', 'deletionTimestamp'];

/** Where an object lives whose manifest does not say so. */
export interface WhereElse {
  /** The only one that is meant: a manifest that names another is refused. */
  readonly namespace?: string | undefined;
  /** For a manifest that names none. */
  readonly otherwise?: string | undefined;
}

/** Issues name fields, never values. */
export function manifestOf(document: unknown, { namespace, otherwise }: WhereElse): Result<Manifest, string> {
  if (!isRecord(document)) return refuse('it is no object');
  const bounds = boundsIssue(document);
  if (bounds !== undefined) return refuse(bounds);
  const { apiVersion, kind, metadata } = document;
  if (typeof apiVersion !== 'string' || !API_VERSION_PATTERN.test(apiVersion)) return refuse('apiVersion: it is none');
  if (typeof kind !== 'string' || !KIND_PATTERN.test(kind)) return refuse('kind: it is none');
  if (kind.endsWith('List')) return refuse('kind: send the items of a list one by one');
  if (!isRecord(metadata)) return refuse('metadata: it is missing');
  const set = SERVER_SET.find((field) => Object.hasOwn(metadata, field));
  if (set !== undefined) return refuse(`metadata.${set}: leave it out`);
  const { name } = metadata;
  if (typeof name !== 'string' || !OBJECT_NAME_PATTERN.test(name)) return refuse('metadata.name: it is no object name');
  const where = Object.hasOwn(metadata, 'namespace') ? metadata.namespace : (namespace ?? otherwise);
  if (typeof where !== 'string' || !NAMESPACE_PATTERN.test(where))
    return refuse('metadata.namespace: it is no namespace');
  // What is shown is what runs: never a namespace of the manifest behind another one of the call.
  if (namespace !== undefined && where !== namespace) return refuse(`metadata.namespace: it is not ${namespace}`);
  // It would be filled from somebody's hidden evidence.
  if (holdsRedactedLeaf(document as Json))
    return refuse('a redacted value cannot be asked for; use a reference to a Secret');
  const object = { ...document, metadata: { ...metadata, namespace: where } } as Manifest['object'];
  return pass({ apiVersion, kind, namespace: where, name, object });
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

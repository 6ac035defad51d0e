/**
 * What of an object's metadata somebody may set: labels and annotations. Names and versions are the plan's own, finalizers and owners
 * decide over an object's life, and our annotations are the evidence of what wrote.
 */
import type { Json } from '@countersign/approvals';
import { isObject } from '../objects/json-at.ts';

const OWN_PREFIX = 'countersign.dev/';
export const isOwnAnnotation = (key: string): boolean => key.startsWith(OWN_PREFIX);

/** `nullable`: a patch takes an entry away by null. `known`: members that say no more than the target does. */
export function metadataIssues(
  metadata: Json | undefined,
  { nullable, known = {} }: { readonly nullable: boolean; readonly known?: Readonly<Record<string, string>> },
): readonly string[] {
  if (metadata === undefined) return [];
  if (!isObject(metadata)) return ['metadata: it is no object'];
  return Object.entries(metadata).flatMap(([member, value]): readonly string[] => {
    if (Object.hasOwn(known, member)) {
      return value === known[member] ? [] : [`metadata.${member}: it is another one than the target's`];
    }
    // Unlike `{}` it would take our mark away with all the rest.
    if (member !== 'labels' && member !== 'annotations') return [`metadata.${shownMember(member)}: it may not be set`];
    if (!isObject(value)) return [`metadata.${member}: it is no object`];
    return Object.entries(value).flatMap(([key, entry]) => entryIssues(member, key, entry, nullable));
  });
}

function entryIssues(member: string, key: string, entry: Json, nullable: boolean): readonly string[] {
  if (key.startsWith('$')) return [`metadata.${member}: directives are not served here`];
  if (member === 'annotations' && isOwnAnnotation(key))
    return [`metadata.annotations: ${OWN_PREFIX}* are Countersign's`];
  return typeof entry === 'string' || (nullable && entry === null) ? [] : [`metadata.${member}: values are texts`];
}

/** A member's name in a message: only what has the shape of a field's name. */
export const shownMember = (member: string): string =>
  /^[A-Za-z][A-Za-z0-9]{0,62}$/.test(member) ? member : '(unknown)';

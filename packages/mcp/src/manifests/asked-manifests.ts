/** The manifests of a call: one object, several, or a YAML text with several documents. Content only; there is no path and no URL. */
import { INTENT_STEPS_MAX, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import * as z from 'zod';
import { YAML_CHARACTERS_MAX } from '../limits.ts';
import { type Manifest, manifestOf, type WhereElse } from './manifest.ts';
import { readYaml } from './read-yaml.ts';

const object = z.record(z.string(), z.unknown());
export const manifest = z
  .union([object, z.string().min(1).max(YAML_CHARACTERS_MAX)])
  .describe('One object as JSON, or YAML with one or several documents. Content, never a path or URL.');
export const manifests = z.array(object).min(1).max(INTENT_STEPS_MAX).describe('Several objects, in order.');

export interface AskedManifests extends WhereElse {
  readonly manifest?: string | { readonly [key: string]: unknown } | undefined;
  readonly manifests?: readonly { readonly [key: string]: unknown }[] | undefined;
}

export function askedManifests(asked: AskedManifests): Result<readonly Manifest[], Refusal> {
  const documents = documentsOf(asked);
  if (!documents.ok) return invalid(documents.refusal);
  if (documents.value.length === 0) return invalid('manifest: it holds no object');
  if (documents.value.length > INTENT_STEPS_MAX) return invalid(`manifest: more than ${INTENT_STEPS_MAX} objects`);
  const read: Manifest[] = [];
  for (const [index, document] of documents.value.entries()) {
    const found = manifestOf(document, asked);
    if (!found.ok) return invalid(`manifest ${index + 1}: ${found.refusal}`);
    read.push(found.value);
  }
  return pass(read);
}

function documentsOf({ manifest: one, manifests: several }: AskedManifests): Result<readonly unknown[], string> {
  if ((one === undefined) === (several === undefined)) return refuse('manifest: give either manifest or manifests');
  if (several !== undefined) return pass(several);
  if (typeof one !== 'string') return pass([one]);
  const read = readYaml(one);
  return read.ok ? read : refuse(`manifest: ${read.refusal}`);
}

const invalid = (issue: string): Result<never, Refusal> => refuse({ code: 'request.invalid', issues: [issue] });

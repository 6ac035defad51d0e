import { isRecord } from '../json/record.ts';
import type { PodTemplate } from './kinds.ts';

/** The alphabet of generated names: no vowels, so that a hash is never a word. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export const POD_TEMPLATE_HASH = 'pod-template-hash';

/**
 * One text for every template that means the same: keys sorted, the hash label left out, and null, {} and [] treated as absent
 * (clients write `creationTimestamp: null` and `resources: {}` where others write nothing).
 */
function canonicalTemplate(template: PodTemplate): string {
  const { [POD_TEMPLATE_HASH]: _dropped, ...labels } = template.metadata.labels ?? {};
  return JSON.stringify(meaningful({ metadata: { ...template.metadata, labels }, spec: template.spec }));
}

export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return canonicalTemplate(a) === canonicalTemplate(b);
}

/** The value of the label pod-template-hash: FNV-1a over the template, in the safe alphabet. `collision` counts names that were taken. */
export function podTemplateHash(template: PodTemplate, collision = 0): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${canonicalTemplate(template)}#${collision}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('');
}

function meaningful(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(meaningful);
  if (!isRecord(value)) return value ?? undefined;
  const kept = Object.keys(value)
    .sort()
    .map((key) => [key, meaningful(value[key])] as const)
    .filter(([, inner]) => inner !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Bounds on a patch or manifest, looked at before any code or schema that walks it by recursion. */
import { holdsRedactedLeaf, type Json, type Refusal } from '@countersign/approvals';
import { DOCUMENT_BYTES_MAX, DOCUMENT_LEVELS_MAX, DOCUMENT_VALUES_MAX } from '../limits.ts';

/** Undefined for what may be worked on. Walks without recursion, so that no nesting can end the process. */
export function unfitDocument(document: Json): Refusal | undefined {
  const open: { readonly value: Json; readonly level: number }[] = [{ value: document, level: 0 }];
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, level } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (level >= DOCUMENT_LEVELS_MAX)
      return { code: 'request.invalid', issues: [`it is nested deeper than ${DOCUMENT_LEVELS_MAX} levels`] };
    for (const [key, inner] of Object.entries(value)) {
      values += 1;
      if (values > DOCUMENT_VALUES_MAX) return { code: 'request.too_large', limitBytes: DOCUMENT_BYTES_MAX };
      // Not a field of any kind; it would fall out of some copies of the document and stay in others.
      if (key === '__proto__') return { code: 'request.invalid', issues: ['__proto__: it is no field'] };
      open.push({ value: inner, level: level + 1 });
    }
  }
  if (Buffer.byteLength(JSON.stringify(document) ?? '', 'utf8') > DOCUMENT_BYTES_MAX)
    return { code: 'request.too_large', limitBytes: DOCUMENT_BYTES_MAX };
  // Whoever sent one would have it filled from hidden values that he may not see.
  return holdsRedactedLeaf(document)
    ? { code: 'request.invalid', issues: ['it holds the commitment of a hidden value instead of a value'] }
    : undefined;
}

/** Bounds of a manifest or patch, walked without recursion: what is too deep or too many never reaches a schema that recurses. */
import { DOCUMENT_DEPTH_MAX, DOCUMENT_VALUES_MAX } from '../limits.ts';

/** JavaScript could take it for something else than data, and drop it on the way. No object of Kubernetes has it. */
const FORBIDDEN_KEY = '__proto__';

/** What is wrong with the document, or undefined. Names a place, never a value. */
export function boundsIssue(document: unknown): string | undefined {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: document, depth: 1 }];
  let values = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    values += 1;
    if (values > DOCUMENT_VALUES_MAX) return `it holds more than ${DOCUMENT_VALUES_MAX} values`;
    if (depth > DOCUMENT_DEPTH_MAX) return `it is nested deeper than ${DOCUMENT_DEPTH_MAX} levels`;
    const issue = scalarIssue(value);
    if (issue !== undefined) return issue;
    if (typeof value !== 'object' || value === null) continue;
    const entries = Object.entries(value);
    if (entries.length > DOCUMENT_VALUES_MAX) return `it holds more than ${DOCUMENT_VALUES_MAX} values`;
    for (const [key, item] of entries) {
      if (key === FORBIDDEN_KEY) return `the key ${FORBIDDEN_KEY} is not allowed`;
      if (!key.isWellFormed()) return 'a key is no well-formed text';
      waiting.push({ value: item, depth: depth + 1 });
    }
  }
  return undefined;
}

/** What has no exact form in the digest is refused here, with a sentence, and not later as a fault. */
function scalarIssue(value: unknown): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : 'a text is not well-formed';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return 'a number is not finite';
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'a whole number is too large to be exact';
    return undefined;
  }
  return value === null || ['boolean', 'object'].includes(typeof value) ? undefined : 'it is not JSON';
}

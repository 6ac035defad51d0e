/**
 * Selectors as the API's own grammar has them, judged before anything is sent. They travel as an encoded query parameter and could not
 * become anything else; what is refused here is what the API server would have to be asked about, and what reaches beyond the namespace.
 */
import { OBJECT_NAME_PATTERN } from '@countersign/approvals';
import { SELECTOR_CHARACTERS_MAX, SELECTOR_TERMS_MAX } from '../limits.ts';

/** The name part of a label's key, and a label's value that is not empty. */
const WORD = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

const isKey = (text: string): boolean => {
  const slash = text.indexOf('/');
  if (slash === -1) return WORD.test(text);
  return OBJECT_NAME_PATTERN.test(text.slice(0, slash)) && WORD.test(text.slice(slash + 1));
};
const isValue = (text: string): boolean => text === '' || WORD.test(text);

const SET = /^([^\s!=<>(),]{1,317})\s{1,10}(in|notin)\s{0,10}\(([^()]*)\)$/;
const EQUALITY = /^([^\s!=<>(),]{1,317})\s{0,10}(?:==|!=|=)\s{0,10}([^\s!=<>(),]{0,63})$/;
const ORDER = /^([^\s!=<>(),]{1,317})\s{0,10}[<>]\s{0,10}-?\d{1,18}$/;
const PRESENCE = /^!?\s{0,10}([^\s!=<>(),]{1,317})$/;

/** What is wrong with a label selector, or undefined: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. */
export function labelSelectorIssue(text: string): string | undefined {
  if (text.length > SELECTOR_CHARACTERS_MAX) return `it is longer than ${SELECTOR_CHARACTERS_MAX} characters`;
  // Commas between requirements, not those within `in (...)`.
  const terms = text.split(/,(?![^(]*\))/).map((term) => term.trim());
  if (terms.length > SELECTOR_TERMS_MAX) return `it has more than ${SELECTOR_TERMS_MAX} requirements`;
  return terms.every(isRequirement) ? undefined : 'it is no label selector';
}

function isRequirement(term: string): boolean {
  const set = SET.exec(term);
  if (set !== null) return isKey(set[1] ?? '') && (set[3] ?? '').split(',').every((value) => isValue(value.trim()));
  const equality = EQUALITY.exec(term);
  if (equality !== null) return isKey(equality[1] ?? '') && isValue(equality[2] ?? '');
  const order = ORDER.exec(term) ?? PRESENCE.exec(term);
  return order !== null && isKey(order[1] ?? '');
}

const FIELD =
  /^([A-Za-z][A-Za-z0-9]{0,62}(?:\.[A-Za-z][A-Za-z0-9]{0,62}){0,8})(?:==|!=|=)([A-Za-z0-9._:/@{}[\]-]{0,253})$/;

/** What is wrong with a field selector, or undefined. Which fields a kind can be selected by is the API server's to know. */
export function fieldSelectorIssue(text: string): string | undefined {
  if (text.length > SELECTOR_CHARACTERS_MAX) return `it is longer than ${SELECTOR_CHARACTERS_MAX} characters`;
  const terms = text.split(',');
  if (terms.length > SELECTOR_TERMS_MAX) return `it has more than ${SELECTOR_TERMS_MAX} requirements`;
  for (const term of terms) {
    const path = FIELD.exec(term)?.[1];
    if (path === undefined) return 'it is no field selector such as status.phase=Running';
    // The namespace is an argument of its own, judged against the caller's binding.
    if (path.endsWith('.namespace')) return 'it names a namespace; use the argument namespace';
  }
  return undefined;
}

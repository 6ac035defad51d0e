/** Label selectors as the API defines them (metav1.LabelSelector). */

import type { Json } from '@countersign/approvals';
import { isObject } from './json-at.ts';

export type Labels = Readonly<Record<string, string>>;

export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?:
    | readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined }[]
    | undefined;
}

/** An empty selector selects everything. An operator that is not known selects nothing. */
export function selectorMatches(selector: LabelSelector, labels: Labels): boolean {
  const has = (key: string): boolean => Object.hasOwn(labels, key);
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => has(key) && labels[key] === value) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const among = has(key) && values.includes(labels[key] ?? '');
      switch (operator) {
        case 'In':
          return among;
        case 'NotIn':
          return !among;
        case 'Exists':
          return has(key);
        case 'DoesNotExist':
          return !has(key);
        default:
          return false;
      }
    })
  );
}

/**
 * The selector as it stands in a query. Undefined where it selects everything (an empty one), or where it holds what a query cannot say:
 * then the objects have to be looked at one by one.
 */
export function selectorText(selector: LabelSelector | undefined): string | undefined {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'In':
        return `${key} in (${values.join(',')})`;
      case 'NotIn':
        return `${key} notin (${values.join(',')})`;
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return undefined;
    }
  });
  const terms = [...equal, ...expressions];
  return terms.length === 0 || terms.includes(undefined) ? undefined : terms.join(',');
}

export const labelsOf = (value: Json | undefined): Labels =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
      )
    : {};

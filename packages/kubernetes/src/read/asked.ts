/** What every read is asked, judged before any URL is built: flags, paths and shell text are no names. */
import { NAMESPACE_PATTERN, OBJECT_NAME_PATTERN, type Refusal } from '@countersign/approvals';
import { fieldSelectorIssue, labelSelectorIssue } from './selector-grammar.ts';

export interface Asked {
  /** Absent only where the kind has none. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

type Judge = (text: string) => string | undefined;

const label: Judge = (text) => (NAMESPACE_PATTERN.test(text) ? undefined : 'it is no RFC 1123 label');
/** CRDs and some built-in kinds (RBAC) allow more in a name; an RFC 1123 subdomain is what all that live in a namespace have. */
const subdomain: Judge = (text) => (OBJECT_NAME_PATTERN.test(text) ? undefined : 'it is no RFC 1123 subdomain');

const JUDGES: Readonly<Record<keyof Asked, Judge>> = {
  namespace: label,
  name: subdomain,
  pod: subdomain,
  container: label,
  labelSelector: labelSelectorIssue,
  fieldSelector: fieldSelectorIssue,
};

/** `namespaces`: the deployment's allow-list. */
export function unfit(asked: Asked, namespaces: readonly string[]): Refusal | undefined {
  const issues = (Object.keys(JUDGES) as (keyof Asked)[]).flatMap((member) => {
    const text = asked[member];
    const issue = text === undefined ? undefined : JUDGES[member](text);
    return issue === undefined ? [] : [`${member}: ${issue}`];
  });
  if (issues.length > 0) return { code: 'request.invalid', issues };
  const { namespace } = asked;
  if (namespace === undefined || namespaces.includes(namespace)) return undefined;
  return { code: 'access.not_bound', namespace, operation: 'read', allowed: namespaces };
}

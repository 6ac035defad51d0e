/** The objects that a command names: `deploy/web svc/web`, or one type and its names. There is no "all" and no selector. */
import { INTENT_STEPS_MAX, NAMESPACE_PATTERN, OBJECT_NAME_PATTERN } from '@countersign/approvals';
import { NotUnderstood } from './not-understood.ts';

export interface NamedObject {
  /** The type as it was written. */
  readonly type: string;
  readonly name: string;
}

export function objectsOf(words: readonly string[]): readonly NamedObject[] {
  const [type, ...names] = words;
  if (type === undefined) throw new NotUnderstood('it names no object', 'Name each object as type/name.');
  const slashed = words.filter((word) => word.includes('/')).length;
  if (slashed > 0 && slashed < words.length)
    throw new NotUnderstood('it mixes type/name with type and names', 'Name each object as type/name.');
  if (slashed === 0 && names.length === 0)
    throw new NotUnderstood(
      'it names a type but no object',
      'Name each object: a change of all of a type is not taken.',
    );
  const objects = slashed > 0 ? words.map(slashedObject) : names.map((name) => ({ type, name: checkedName(name) }));
  if (objects.length > INTENT_STEPS_MAX)
    throw new NotUnderstood(`it names more than ${INTENT_STEPS_MAX} objects`, 'Split it into several plans.');
  return objects;
}

function slashedObject(word: string): NamedObject {
  const [type = '', name = '', ...more] = word.split('/');
  if (type === '' || more.length > 0)
    throw new NotUnderstood('an object is not of the form type/name', 'Name it as type/name.');
  return { type, name: checkedName(name) };
}

function checkedName(name: string): string {
  if (OBJECT_NAME_PATTERN.test(name)) return name;
  throw new NotUnderstood('an object name is none (RFC 1123 subdomain)', 'Use a name that get_k8s_status lists.');
}

export function checkedNamespace(namespace: string): string {
  if (NAMESPACE_PATTERN.test(namespace)) return namespace;
  throw new NotUnderstood('the namespace is none (RFC 1123 label)', 'Use one of get_allowed_namespaces.');
}

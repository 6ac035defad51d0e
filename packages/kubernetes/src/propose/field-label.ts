/** How a person names a field: `containers[web].image` for /spec/template/spec/containers/0/image. */
import type { Json } from '@countersign/approvals';
import { isList, textAt, valueAt } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';

const LABEL_CHARACTERS_MAX = 300;
/** What everybody leaves out when they talk of a workload's containers. */
const POD_SPEC = ['spec', 'template', 'spec'];

/** `object`: the one in which the indices of `tokens` count. */
export function fieldLabel(object: Json, tokens: readonly string[]): string {
  let label = '';
  for (const [at, token] of tokens.entries()) {
    const parent = valueAt(object, ...tokens.slice(0, at));
    if (isList(parent)) label += `[${textAt(valueAt(object, ...tokens.slice(0, at + 1)), 'name') ?? token}]`;
    else if (/^[A-Za-z][A-Za-z0-9]*$/.test(token)) label += label === '' ? token : `.${token}`;
    else label += `[${token}]`;
  }
  const prefix = `${POD_SPEC.join('.')}.`;
  return neutralise(label.startsWith(prefix) ? label.slice(prefix.length) : label, LABEL_CHARACTERS_MAX);
}

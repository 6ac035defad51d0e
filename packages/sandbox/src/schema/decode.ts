import { isRecord, type JsonRecord } from '../json/record.ts';
import { memberSchema, type Schema } from './schema.ts';

/**
 * A value as the API server's own form of its type holds it: without members that are null, without fields that the type does not have, without zeros, empty
 * maps and empty lists where its JSON leaves them out. `unknown` is told of each field that was dropped: `spec.replica`, `spec.template.spec.containers[0].imag`. What a type keeps
 * open (custom resources that preserve unknown fields) stays as it is.
 */
export function decoded(value: unknown, schema: Schema, unknown: (path: string) => void, path = ''): unknown {
  if (Array.isArray(value)) {
    const items = schema.shape === 'list' ? schema.items : schema;
    return value.map((element: unknown, index) => decoded(element, items, unknown, `${path}[${index}]`));
  }
  if (!isRecord(value)) return value;
  const kept: JsonRecord = {};
  for (const [member, inner] of Object.entries(value)) {
    if (inner === null || inner === undefined) continue;
    const here = path === '' ? member : `${path}.${member}`;
    const known = memberSchema(schema, member);
    if (known === undefined) {
      if (schema.shape === 'struct') unknown(here);
      else kept[member] = inner;
      continue;
    }
    const whole = decoded(inner, known, unknown, here);
    if (!isLeftOut(whole, known, schema, member)) kept[member] = whole;
  }
  return kept;
}

function isLeftOut(value: unknown, known: Schema, parent: Schema, member: string): boolean {
  if (parent.shape !== 'struct' || parent.name === '') return false;
  const field = parent.fields.get(member);
  if (field?.omitsZero === true) return value === '' || value === 0 || value === false;
  if (field?.always !== undefined) return false;
  if (known.shape === 'map') return isRecord(value) && Object.keys(value).length === 0;
  return known.shape === 'list' && Array.isArray(value) && value.length === 0;
}

import { isRecord, type JsonRecord, stringAt } from '../json/record.ts';
import type { Schema } from '../schema/schema.ts';
import { compare } from './compare.ts';
import { configurationFields } from './configuration-fields.ts';
import { difference, union } from './field-set.ts';

/** kubectl's own record of what it applied from the client. */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** Whoever calls itself so goes from the one way of applying to the other, and the API server helps. */
export const kubectlManager = 'kubectl';

/** The fields that kubectl applied from the client and that are as it left them: those it may change from the server without a conflict. */
export function lastAppliedFields(live: JsonRecord, schema: Schema): Set<string> {
  const last = lastApplied(live);
  if (last === undefined || last.apiVersion !== live.apiVersion) return new Set();
  try {
    const { added, modified, removed } = compare(last, live, schema);
    return difference(configurationFields(last, schema), union(added, modified, removed));
  } catch {
    // A record that does not fit the type allows nothing.
    return new Set();
  }
}

/** The object with the record brought up to date, where it has one. */
export function withLastApplied(object: JsonRecord, configuration: JsonRecord): JsonRecord {
  const { metadata } = object;
  if (!isRecord(metadata) || !isRecord(metadata.annotations) || lastApplied(object) === undefined) return object;
  const record = `${JSON.stringify(withoutRecord(configuration))}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, [annotation]: record } } };
}

function withoutRecord(configuration: JsonRecord): JsonRecord {
  const { metadata } = configuration;
  if (!isRecord(metadata) || !isRecord(metadata.annotations)) return configuration;
  const { [annotation]: _record, ...annotations } = metadata.annotations;
  return { ...configuration, metadata: { ...metadata, annotations } };
}

function lastApplied(object: JsonRecord): JsonRecord | undefined {
  const text = stringAt(object, 'metadata', 'annotations', annotation);
  if (text === undefined || text === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

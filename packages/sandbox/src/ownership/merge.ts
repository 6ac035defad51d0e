import { isRecord, type JsonRecord } from '../json/record.ts';
import { anything, type ListSchema, memberSchema, type Schema } from '../schema/schema.ts';
import { elementStep } from './field-set.ts';

/** A configuration laid over an object: what both have merges, what only one has is taken. Changes neither argument. */
export function merge(object: unknown, configuration: unknown, schema: Schema): unknown {
  if (configuration === undefined) return object;
  if (object === undefined || schema.shape === 'scalar') return configuration;
  if (schema.shape === 'list') {
    if (schema.kind === 'atomic' || !Array.isArray(object) || !Array.isArray(configuration)) return configuration;
    return object.length === 0 || configuration.length === 0
      ? mergeEmpty(object, configuration)
      : mergeLists(object, configuration, schema);
  }
  if (!isRecord(object) || !isRecord(configuration)) {
    // Nothing stated about the members of a map leaves them alone.
    return configuration === null && isRecord(object) && Object.keys(object).length > 0 ? object : configuration;
  }
  if (schema.shape !== 'any' && schema.atomic) return configuration;
  const merged: JsonRecord = {};
  for (const member of new Set([...Object.keys(object), ...Object.keys(configuration)])) {
    merged[member] = merge(object[member], configuration[member], memberSchema(schema, member) ?? anything);
  }
  return merged;
}

function mergeEmpty(object: readonly unknown[], configuration: readonly unknown[]): readonly unknown[] {
  return configuration.length === 0 ? object : configuration;
}

/**
 * Elements of both sides by key. The configuration's order holds for its own elements; what only the object has keeps its place before the next element
 * that both have.
 */
function mergeLists(object: readonly unknown[], configuration: readonly unknown[], schema: ListSchema): unknown[] {
  const wanted = configuration.map((element) => ({ step: elementStep(schema, element), element }));
  const existing = object.map((element, index) => ({ step: stepOr(`#${index}`, schema, element), element }));
  const wantedByStep = new Map(wanted.map((one) => [one.step, one.element]));
  const existingByStep = new Map(existing.map((one) => [one.step, one.element]));
  const shared = wanted.map(({ step }) => step).filter((step) => existingByStep.has(step));
  const done = new Set<string>();
  const merged: unknown[] = [];
  const take = (step: string) => {
    merged.push(merge(existingByStep.get(step), wantedByStep.get(step), schema.items));
    done.add(step);
    if (shared[0] === step) shared.shift();
  };
  let left = 0;
  let right = 0;
  while (left < existing.length || right < wanted.length) {
    const own = existing[left];
    const next = wanted[right];
    if (own !== undefined && next !== undefined && own.step === next.step) {
      take(next.step);
      left += 1;
      right += 1;
    } else if (own !== undefined && !wantedByStep.has(own.step)) {
      merged.push(own.element);
      left += 1;
    } else if (own !== undefined && (next === undefined || done.has(own.step) || shared[0] !== own.step)) {
      // It stands where the configuration has it.
      left += 1;
    } else if (next !== undefined) {
      take(next.step);
      right += 1;
    }
  }
  return merged;
}

function stepOr(fallback: string, schema: ListSchema, element: unknown): string {
  try {
    return elementStep(schema, element);
  } catch {
    return fallback;
  }
}

import { isRecord, numberAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { ageColumn, type Column, since } from '../tables/column.ts';
import { jsonPath } from './json-path.ts';

/** additionalPrinterColumns as columns of a table; without any, the age. */
export function printerColumns(given: readonly unknown[]): readonly Column[] {
  if (given.length === 0) return [ageColumn];
  return given.filter(isRecord).map((column) => {
    const type = stringAt(column, 'type') ?? 'string';
    const path = stringAt(column, 'jsonPath') ?? '';
    return {
      name: stringAt(column, 'name') ?? '',
      ...(type === 'integer' || type === 'date' ? { type } : {}),
      description: stringAt(column, 'description') ?? `Custom resource definition column (in JSONPath format): ${path}`,
      priority: (numberAt(column, 'priority') ?? 0) > 0 ? 1 : 0,
      cell: (object, now) => cell(object, path, type, now),
    } satisfies Column;
  });
}

function cell(object: KubeObject, path: string, type: string, now: Date): string | number {
  const [value] = jsonPath(object, path);
  if (value === undefined || value === null) return '';
  if (type === 'date') return since(value, now);
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

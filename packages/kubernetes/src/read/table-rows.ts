/** A Table that the server made of a kind which only it knows (a CRD's printer columns): cells by the names of their columns. */
import { isSecretName, type Json } from '@countersign/approvals';
import { TABLE_COLUMNS_MAX } from '../limits.ts';
import { isObject, listAt, numberAt, objectAt, textAt } from '../objects/json-at.ts';
import { labelsOf } from '../objects/selectors.ts';
import { safeLabels, safeMessage, safeWord } from './safe-text.ts';
import type { Detail } from './shown-object.ts';
import { compact, type JsonMap } from './summaries/core.ts';

/** Where no Table is served (some aggregated APIs), the list itself. */
export const TABLE_ACCEPT = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export function tableRows(table: Json, detail: Detail): readonly JsonMap[] {
  const columns = listAt(table, 'columnDefinitions').map((definition) => ({
    name: safeWord(textAt(definition, 'name')),
    wide: (numberAt(definition, 'priority') ?? 0) > 0,
  }));
  // The name stands beside them, and an age is another one at every look.
  const shown = columns
    .map((column, index) => ({ ...column, index }))
    .filter(({ name, wide }) => !/^(name|age|namespace|created ?at)$/i.test(name) && (detail === 'detailed' || !wide))
    .slice(0, TABLE_COLUMNS_MAX);
  return listAt(table, 'rows').map((row) => {
    const cells = listAt(row, 'cells');
    const object = isObject(row) ? row.object : undefined;
    const labels = safeLabels(labelsOf(objectAt(object, 'metadata', 'labels')));
    return compact({
      name: safeWord(textAt(object, 'metadata', 'name')),
      ...(detail === 'detailed' ? { labels } : {}),
      createdAt: safeWord(textAt(object, 'metadata', 'creationTimestamp')),
      columns: compact(Object.fromEntries(shown.map(({ name, index }) => [name, cell(name, cells[index] ?? null)]))),
    });
  });
}

/** Whoever wrote the CRD chose what its columns show. */
function cell(column: string, value: Json): Json {
  if (isSecretName(column) && typeof value === 'string' && value !== '') return '[redacted: secret-like]';
  return value === null || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : safeMessage(typeof value === 'string' ? value : JSON.stringify(value));
}

import { numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { type Column, since } from './column.ts';

/** Serves both shapes of an event: involvedObject and message, or regarding and note. */
export const eventColumns: readonly Column[] = [
  { name: 'Last Seen', cell: (event, now) => since(lastSeen(event), now) },
  { name: 'Type', cell: (event) => stringAt(event, 'type') ?? '' },
  { name: 'Reason', cell: (event) => stringAt(event, 'reason') ?? '' },
  { name: 'Object', cell: objectCell },
  { name: 'Subobject', priority: 1, cell: (event) => stringAt(about(event), 'fieldPath') ?? '' },
  { name: 'Source', priority: 1, cell: sourceCell },
  { name: 'Message', cell: (event) => (stringAt(event, 'message') ?? stringAt(event, 'note') ?? '').trim() },
  {
    name: 'First Seen',
    priority: 1,
    cell: (event, now) =>
      since(
        stringAt(event, 'firstTimestamp') ??
          stringAt(event, 'deprecatedFirstTimestamp') ??
          stringAt(event, 'eventTime'),
        now,
      ),
  },
  {
    name: 'Count',
    type: 'integer',
    priority: 1,
    cell: (event) => numberAt(event, 'count') ?? numberAt(event, 'deprecatedCount') ?? 1,
  },
  { name: 'Name', format: 'name', priority: 1, cell: (event) => event.metadata.name },
];

function lastSeen(event: KubeObject): string | undefined {
  return (
    stringAt(event, 'series', 'lastObservedTime') ??
    stringAt(event, 'lastTimestamp') ??
    stringAt(event, 'deprecatedLastTimestamp') ??
    stringAt(event, 'eventTime')
  );
}

function about(event: KubeObject) {
  return recordAt(event, 'involvedObject') ?? recordAt(event, 'regarding');
}

function objectCell(event: KubeObject): string {
  return `${(stringAt(about(event), 'kind') ?? '').toLowerCase()}/${stringAt(about(event), 'name') ?? ''}`;
}

function sourceCell(event: KubeObject): string {
  const source = recordAt(event, 'source') ?? recordAt(event, 'deprecatedSource');
  return [stringAt(source, 'component') ?? stringAt(event, 'reportingController'), stringAt(source, 'host')]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

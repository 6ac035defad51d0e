import { isRecord } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';

/** One column of a table. Priority 0 is always shown, 1 with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type?: 'string' | 'integer' | 'date';
  readonly format?: 'name';
  readonly description?: string;
  readonly priority?: 0 | 1;
  readonly cell: (object: KubeObject, now: Date) => string | number;
}

export const nameColumn: Column = {
  name: 'Name',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  cell: (object) => object.metadata.name,
};

export const ageColumn: Column = {
  name: 'Age',
  description: 'How long ago the object was created.',
  cell: (object, now) => since(object.metadata.creationTimestamp, now),
};

/** How long ago a time was, as kubectl writes it: 42s, 3m10s, 5h, 3d4h, 2y. */
export function since(time: unknown, now: Date): string {
  const then = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(then)) return '<unknown>';
  return humanDuration(Math.max(0, Math.floor((now.getTime() - then) / 1000)));
}

/** Two units at most, the second one dropped where it no longer tells anything. */
export function humanDuration(seconds: number): string {
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? withRest(years, 'y', days % 365, 'd') : `${years}y`;
}

function withRest(count: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${restUnit}`;
}

/** A selector or label map as `a=b,c=d`, or `<none>`. */
export function pairs(map: unknown): string {
  if (!isRecord(map) || Object.keys(map).length === 0) return '<none>';
  return Object.entries(map)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

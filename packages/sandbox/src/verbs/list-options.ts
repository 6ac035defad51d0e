import { numberAt, stringAt } from '../json/record.ts';
import { listMaxLimit } from '../limits.ts';
import { StatusError } from '../store/status-error.ts';
import { resourceVersionOf } from './selection.ts';

/** Where a paged list goes on: at which state of the store it began, and behind which object. */
export interface Position {
  /** -1: at whatever is there now, because nobody remembers how it was when the list began. */
  readonly resourceVersion: number;
  readonly afterKey: string;
}

export interface ListOptions {
  readonly limit: number | undefined;
  readonly position: Position | undefined;
  /** The state to show; undefined: the newest. */
  readonly exactly: number | undefined;
  /** The state that must have been reached; undefined: any. */
  readonly atLeast: number | undefined;
}

/** Reads limit, continue, resourceVersion and resourceVersionMatch. Throws BadRequest or Invalid where they make no sense together. */
export function parseListOptions(query: URLSearchParams): ListOptions {
  const version = resourceVersionOf(query);
  const given = query.get('resourceVersion') ?? '';
  const position = parseContinue(query.get('continue'));
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '') checkMatch(match, given, position !== undefined);
  if (position !== undefined && version !== undefined)
    throw new StatusError('BadRequest', 'specifying resource version is not allowed when using continue');
  return {
    limit: parseLimit(query.get('limit')),
    position,
    exactly: match === 'Exact' ? version : undefined,
    atLeast: version,
  };
}

function checkMatch(match: string, version: string, continues: boolean): void {
  const isKnown = match === 'Exact' || match === 'NotOlderThan';
  if (version === '')
    throw wrongMatch('Forbidden', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (continues) throw wrongMatch('Forbidden', 'resourceVersionMatch is forbidden when continue is provided');
  if (!isKnown)
    throw wrongMatch('Unsupported value', `"${match.slice(0, 40)}": supported values: "Exact", "NotOlderThan", ""`);
  if (match === 'Exact' && version === '0')
    throw wrongMatch('Forbidden', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
}

function wrongMatch(kind: 'Forbidden' | 'Unsupported value', why: string): StatusError {
  const field = 'resourceVersionMatch';
  const message = `${kind}: ${why}`;
  const reason = kind === 'Forbidden' ? 'FieldValueForbidden' : 'FieldValueNotSupported';
  return new StatusError('Invalid', `ListOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: 'meta.k8s.io',
    kind: 'ListOptions',
    causes: [{ reason, message, field }],
  });
}

/** A negative limit is none, as there. */
function parseLimit(given: string | null): number | undefined {
  if (given === null || given === '') return undefined;
  if (!/^-?\d{1,9}$/.test(given)) throw new StatusError('BadRequest', 'limit: Invalid value: must be a number');
  return Number(given) <= 0 ? undefined : Math.min(Number(given), listMaxLimit);
}

export function continueToken(position: Position): string {
  const token = { v: 'meta.k8s.io/v1', rv: position.resourceVersion, start: position.afterKey };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function parseContinue(given: string | null): Position | undefined {
  if (given === null || given === '') return undefined;
  try {
    const token: unknown = JSON.parse(Buffer.from(given, 'base64url').toString('utf8'));
    const resourceVersion = numberAt(token, 'rv');
    const afterKey = stringAt(token, 'start');
    if (resourceVersion !== undefined && afterKey !== undefined) return { resourceVersion, afterKey };
  } catch {
    // Falls through to the refusal.
  }
  throw new StatusError('BadRequest', 'continue key is not valid');
}

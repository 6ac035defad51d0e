import type { Propagation } from '../deletion/request-deletion.ts';
import { isRecord, type JsonRecord, numberAt, recordAt, stringAt } from '../json/record.ts';
import { parseDryRun } from '../server/write-parameters.ts';
import { StatusError } from '../store/status-error.ts';

export interface ParsedDeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds: number | undefined;
  /** Undefined: the kind's default. */
  readonly propagation: Propagation | undefined;
  /** The old way of asking for Background deletion. */
  readonly keepsNoOrphans: boolean;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  /** The DeleteOptions object that admission sees. */
  readonly options: JsonRecord;
}

const policies = ['Background', 'Foreground', 'Orphan'];

/**
 * Reads DeleteOptions from the body or, where there is none, from the query: the real API server never looks at the query of a DELETE that has a body.
 * Throws BadRequest or Invalid where they make no sense.
 */
export function parseDeleteOptions(body: unknown, query: URLSearchParams): ParsedDeleteOptions {
  if (body !== undefined && !isRecord(body))
    throw new StatusError('BadRequest', 'the body must be a DeleteOptions object');
  const kind = stringAt(body, 'kind');
  if (kind !== undefined && kind !== 'DeleteOptions')
    throw new StatusError('BadRequest', 'the body must be a DeleteOptions object');
  if (body !== undefined && query.has('dryRun')) {
    // There, such a request deletes for real. A client that relies on it must learn so here, not on a real cluster.
    throw new StatusError(
      'BadRequest',
      'dryRun in the query of a DELETE with a body has no effect: put it into the body',
    );
  }
  const given: JsonRecord = body ?? fromQuery(query);
  const policy = given.propagationPolicy;
  if (policy !== undefined && policy !== null && !policies.includes(String(policy))) {
    throw new StatusError(
      'Invalid',
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: supported values: ${policies.join(', ')}`,
    );
  }
  const grace = numberAt(given, 'gracePeriodSeconds');
  if (grace !== undefined && (!Number.isInteger(grace) || grace < 0)) {
    throw new StatusError('BadRequest', 'gracePeriodSeconds must be a non-negative integer');
  }
  const preconditions = recordAt(given, 'preconditions');
  return {
    dryRun: parseDryRun(Array.isArray(given.dryRun) ? given.dryRun : []),
    gracePeriodSeconds: grace,
    propagation: propagationOf(given),
    keepsNoOrphans: given.orphanDependents === false,
    uid: stringAt(preconditions, 'uid'),
    resourceVersion: stringAt(preconditions, 'resourceVersion'),
    options: { ...given, kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1' },
  };
}

function propagationOf(given: JsonRecord): Propagation | undefined {
  const { propagationPolicy: policy, orphanDependents } = given;
  if (policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy;
  if (typeof orphanDependents === 'boolean') return orphanDependents ? 'Orphan' : 'Background';
  return undefined;
}

function fromQuery(query: URLSearchParams): JsonRecord {
  const dryRun = query.getAll('dryRun');
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  return {
    ...(dryRun.length === 0 ? {} : { dryRun }),
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
  };
}

import { StatusError } from '../store/status-error.ts';

/** What the query says about a write. */
export interface WriteParameters {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  /** Ignore, Warn or Strict; undefined where the client leaves it to the server. */
  readonly fieldValidation: string | undefined;
  /** Of an apply: take fields from their owners. */
  readonly force: boolean;
  /** The options object that admission sees: CreateOptions or UpdateOptions, as in the real API server (UpdateOptions for patches too). */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Reads dryRun, fieldManager, fieldValidation and force. Throws Invalid or BadRequest where they make no sense. */
export function parseWriteParameters(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  userAgent: string | undefined,
  mode: 'apply' | 'other' = 'other',
): WriteParameters {
  const dryRun = parseDryRun(query.getAll('dryRun'));
  const given = query.get('fieldManager') ?? '';
  if (given.length > 128 || /[^\P{C}]/u.test(given)) {
    throw new StatusError(
      'Invalid',
      `${kind}.meta.k8s.io "" is invalid: fieldManager: Invalid value: must be at most 128 printable characters`,
    );
  }
  const validation = query.get('fieldValidation');
  if (validation !== null && !['', 'Ignore', 'Warn', 'Strict'].includes(validation)) {
    throw new StatusError(
      'Invalid',
      `${kind}.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "${validation.slice(0, 40)}"`,
    );
  }
  if (mode === 'apply' && given === '')
    throw wrongOptions('fieldManager', 'FieldValueRequired', 'Required value: is required for apply patch');
  if (mode !== 'apply' && query.has('force'))
    throw wrongOptions('force', 'FieldValueForbidden', 'Forbidden: may not be specified for non-apply patch');
  return {
    dryRun,
    fieldValidation: validation ?? undefined,
    force: parseForce(query.get('force')),
    // Without a name, the API server takes the first part of the User-Agent.
    fieldManager: given === '' ? (userAgent ?? 'unknown').split('/', 1)[0]?.slice(0, 128) || 'unknown' : given,
    options: {
      // Admission is shown UpdateOptions for a patch, which have no force.
      kind: kind === 'PatchOptions' ? 'UpdateOptions' : kind,
      apiVersion: 'meta.k8s.io/v1',
      ...(dryRun ? { dryRun: ['All'] } : {}),
      ...(given === '' ? {} : { fieldManager: given }),
      ...(validation === null || validation === '' ? {} : { fieldValidation: validation }),
    },
  };
}

function wrongOptions(field: string, reason: string, message: string): StatusError {
  return new StatusError('Invalid', `PatchOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: 'meta.k8s.io',
    kind: 'PatchOptions',
    causes: [{ reason, message, field }],
  });
}

function parseForce(given: string | null): boolean {
  if (given === null || given === '' || given === 'false' || given === '0') return false;
  if (given === 'true' || given === '1') return true;
  throw new StatusError(
    'BadRequest',
    `force: Invalid value: ${JSON.stringify(given.slice(0, 40))}: must be true or false`,
  );
}

/** `All` is the only dry run there is; anything else is refused, lest a misspelt one write. */
export function parseDryRun(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value !== 'All') {
      throw new StatusError(
        'Invalid',
        `dryRun: Unsupported value: ${JSON.stringify(value)?.slice(0, 40)}: supported values: "All"`,
      );
    }
  }
  return values.length > 0;
}

import { StatusError } from '../store/status-error.ts';

/** What the query says about a write. */
export interface WriteParameters {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  /** The options object that admission sees: CreateOptions or UpdateOptions, as in the real API server (UpdateOptions for patches too). */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Reads dryRun, fieldManager, fieldValidation and force. Throws Invalid or BadRequest where they make no sense. */
export function parseWriteParameters(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions',
  userAgent: string | undefined,
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
  if (query.has('force')) {
    throw new StatusError(
      'Invalid',
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    );
  }
  return {
    dryRun,
    // Without a name, the API server takes the first part of the User-Agent.
    fieldManager: given === '' ? (userAgent ?? 'unknown').split('/', 1)[0]?.slice(0, 128) || 'unknown' : given,
    options: {
      kind,
      apiVersion: 'meta.k8s.io/v1',
      ...(dryRun ? { dryRun: ['All'] } : {}),
      ...(given === '' ? {} : { fieldManager: given }),
      ...(validation === null || validation === '' ? {} : { fieldValidation: validation }),
    },
  };
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

import type { StatusCause } from '../store/status-error.ts';

/** Collects what is wrong with an object, field by field, in the wording of the API server: clients show these sentences as they are. */
export interface FieldErrors {
  readonly causes: readonly StatusCause[];
  required(field: string, detail?: string): void;
  invalid(field: string, value: unknown, detail: string): void;
  duplicate(field: string, value: unknown): void;
  unsupported(field: string, value: unknown, supported: readonly string[]): void;
  forbidden(field: string, detail: string): void;
}

export function fieldErrors(): FieldErrors {
  const causes: StatusCause[] = [];
  const shown = (value: unknown) => (typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'null'));
  return {
    causes,
    required: (field, detail) =>
      causes.push({
        reason: 'FieldValueRequired',
        message: detail === undefined ? 'Required value' : `Required value: ${detail}`,
        field,
      }),
    invalid: (field, value, detail) =>
      causes.push({ reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${detail}`, field }),
    duplicate: (field, value) =>
      causes.push({ reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field }),
    unsupported: (field, value, supported) =>
      causes.push({
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${shown(value)}: supported values: ${supported.map((one) => `"${one}"`).join(', ')}`,
        field,
      }),
    forbidden: (field, detail) =>
      causes.push({ reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field }),
  };
}

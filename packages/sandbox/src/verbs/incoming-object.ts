import { isRecord, type JsonRecord, recordAt, stringAt } from '../json/record.ts';
import { type ApiResource, apiVersionOf } from '../resources/api-resource.ts';
import { decoded } from '../schema/decode.ts';
import { schemaOf } from '../schema/type-table.ts';
import type { ResourcePath } from '../server/request-info.ts';
import type { NewObject, ObjectMeta } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import { checkShape } from '../validation/check-shape.ts';

/**
 * An object that a client sent, checked against the URL that it was sent to. Throws BadRequest where it is not one, is of another kind, or
 * says another name or namespace than the URL. `validation`: the query's fieldValidation.
 */
export function incomingObject(
  received: unknown,
  path: ResourcePath,
  validation?: string,
  how: 'patch' | 'whole' = 'whole',
): NewObject {
  if (!isRecord(received)) throw new StatusError('BadRequest', 'the body must be an object');
  const { resource } = path;
  const apiVersion = apiVersionOf(resource);
  mustEqual('API version', stringAt(received, 'apiVersion'), apiVersion);
  mustEqual('kind', stringAt(received, 'kind'), resource.kind);
  const body = known(received, resource, validation, how);
  if (resource.custom === undefined) checkShape(resource, body);
  const metadata = recordAt(body, 'metadata') ?? {};
  const name = stringAt(metadata, 'name');
  if (path.name !== undefined && name !== undefined && name !== path.name) {
    throw new StatusError(
      'BadRequest',
      `the name of the object (${name}) does not match the name on the URL (${path.name})`,
    );
  }
  const namespace = stringAt(metadata, 'namespace');
  if (namespace !== undefined && namespace !== '' && namespace !== path.namespace) {
    throw new StatusError(
      'BadRequest',
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  }
  return {
    ...body,
    apiVersion,
    kind: resource.kind,
    metadata: {
      ...metadata,
      ...(path.name === undefined ? {} : { name: path.name }),
      ...(path.namespace === undefined ? {} : { namespace: path.namespace }),
    } as Partial<ObjectMeta>,
  };
}

function mustEqual(what: string, given: string | undefined, wanted: string) {
  if (given === undefined || given === wanted) return;
  throw new StatusError(
    'BadRequest',
    `the ${what} in the data (${given.slice(0, 100)}) does not match the expected ${what} (${wanted})`,
  );
}

/** What the kind has fields for; the rest is dropped, as the API server's decoder drops it, or with fieldValidation=Strict refused. */
function known(
  received: JsonRecord,
  resource: ApiResource,
  validation: string | undefined,
  how: 'patch' | 'whole',
): JsonRecord {
  const unknown: string[] = [];
  const body = decoded(received, schemaOf(resource), (path) => unknown.push(`unknown field ${JSON.stringify(path)}`));
  if (validation === 'Strict' && unknown.length > 0) {
    if (how === 'patch') throw strictPatch(unknown.join(', '));
    throw new StatusError(
      'BadRequest',
      `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${unknown.join(', ')}`,
    );
  }
  return isRecord(body) ? body : {};
}

/** The API server names the patch, not the object, and tells the kind nowhere. */
function strictPatch(unknown: string): StatusError {
  const message = `Invalid value: "the patch": strict decoding error: ${unknown}`;
  const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }];
  return new StatusError('Invalid', ` "" is invalid: patch: ${message}`, { causes });
}

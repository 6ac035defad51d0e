import { isRecord, recordAt, stringAt } from '../json/record.ts';
import { apiVersionOf } from '../resources/api-resource.ts';
import type { ResourcePath } from '../server/request-info.ts';
import type { NewObject, ObjectMeta } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import { checkShape } from '../validation/check-shape.ts';

/**
 * An object that a client sent, checked against the URL that it was sent to. Throws BadRequest where it is not one, is of another kind, or
 * says another name or namespace than the URL.
 */
export function incomingObject(received: unknown, path: ResourcePath): NewObject {
  const body = withoutNulls(received);
  if (!isRecord(body)) throw new StatusError('BadRequest', 'the body must be an object');
  const { resource } = path;
  const apiVersion = apiVersionOf(resource);
  mustEqual('API version', stringAt(body, 'apiVersion'), apiVersion);
  mustEqual('kind', stringAt(body, 'kind'), resource.kind);
  checkShape(resource, body);
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

/** A member that is null counts as absent, at any depth, as it does for the API's own types (kubectl sends `creationTimestamp: null`). */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

import { admit } from '../admission/admit.ts';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import { mayAccess } from '../identities/authorise.ts';
import { isRecord, type JsonRecord, recordAt, stringAt } from '../json/record.ts';
import { type Applied, type Apply, apply } from '../ownership/after-apply.ts';
import { ConfigurationError } from '../ownership/configuration-fields.ts';
import { kubectlManager, lastAppliedFields, withLastApplied } from '../ownership/last-applied.ts';
import { apiVersionOf } from '../resources/api-resource.ts';
import { schemaOf } from '../schema/type-table.ts';
import { type Answer, json } from '../server/answer.ts';
import type { ResourcePath } from '../server/request-info.ts';
import { parseWriteParameters, type WriteParameters } from '../server/write-parameters.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { applyConflict, notFound, uidOfNothing } from '../store/refusals.ts';
import { StatusError } from '../store/status-error.ts';
import { validate } from '../validation/validate.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { forbidden } from './forbidden.ts';
import { incomingObject } from './incoming-object.ts';
import { checkPatchedUid } from './patch-object.ts';
import { renderObject } from './render.ts';
import { writeUpdate } from './write-update.ts';

/**
 * PATCH as server-side apply: the fields of the configuration become the manager's, what it stated before and no longer states goes, and what somebody else
 * owns and it would change is a conflict (409) unless force. Creates what is not there (201). A metadata.resourceVersion in it is a precondition.
 */
export function applyObject(context: ApiContext, request: ApiRequest): Answer {
  const { path } = request;
  const { resource } = path;
  const parameters = parseWriteParameters(request.query, 'PatchOptions', request.userAgent, 'apply');
  const configuration = configurationOf(request.body, path);
  const live = context.store.get(path.resource.key, path.namespace, path.name ?? '');
  const rendering = { resource, acceptance: request.acceptance, includeObject: '', now: context.clock() };
  if (live === undefined) {
    if (path.subresource !== '') throw notFound(resource.key, path.name ?? '');
    return json(renderObject(createByApply(context, request, configuration, parameters), rendering), 201);
  }
  const { object, entries } = applied(context, request, configuration, parameters, live);
  checkPatchedUid(resource, live, object);
  const wanted = incomingObject(object, path);
  return json(
    renderObject(writeUpdate(context, request, live, wanted, { ...parameters, managedFields: entries }), rendering),
  );
}

/** The configuration, checked against the URL. Throws BadRequest. */
function configurationOf(body: unknown, { resource, name }: ResourcePath): JsonRecord {
  if (!isRecord(body)) throw new StatusError('BadRequest', 'error decoding patch: the body must be an object');
  const { apiVersion = '', kind = '' } = { apiVersion: stringAt(body, 'apiVersion'), kind: stringAt(body, 'kind') };
  if (apiVersion !== apiVersionOf(resource) || kind !== resource.kind) {
    throw new StatusError('BadRequest', `invalid object type: ${apiVersion}, Kind=${kind}`);
  }
  const given = recordAt(body, 'metadata');
  if (given?.managedFields !== undefined && given.managedFields !== null) {
    throw new StatusError('BadRequest', 'metadata.managedFields must be nil');
  }
  const named = stringAt(given, 'name');
  if (named !== undefined && named !== '' && named !== name) {
    throw new StatusError(
      'BadRequest',
      `the name of the object (${named}) does not match the name on the URL (${name})`,
    );
  }
  return body;
}

function applied(
  context: ApiContext,
  { path }: ApiRequest,
  configuration: JsonRecord,
  parameters: WriteParameters,
  live: KubeObject | undefined,
): { object: JsonRecord; entries: JsonRecord[] } {
  const { resource, subresource } = path;
  const hasStatus = resource.subresources.includes('status');
  const wanted: Apply = {
    live: live ?? {},
    configuration,
    entries: live?.metadata.managedFields ?? [],
    schema: schemaOf(resource),
    part: subresource === 'status' ? 'status' : hasStatus ? 'main' : 'whole',
    manager: parameters.fieldManager,
    apiVersion: apiVersionOf(resource),
    subresource,
    force: parameters.force,
    time: kubeTime(context.clock()),
  };
  try {
    return asKubectlMay(wanted, apply(wanted));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const stated = (member: string) => stringAt(configuration, 'metadata', member) ?? '';
    const what = `${stated('namespace')}/${stated('name')}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
    // The real API server answers 500 here, too.
    throw new StatusError('Unknown', `failed to create typed patch object (${what}): ${error.message}`);
  }
}

/** kubectl may change what it applied from the client before, and its record of that is kept; everybody else's conflicts stand. */
function asKubectlMay(wanted: Apply, result: Applied): { object: JsonRecord; entries: JsonRecord[] } {
  const { live, configuration, schema, manager } = wanted;
  const isKubectl = manager === kubectlManager;
  if (result.type === 'applied')
    return isKubectl ? { ...result, object: withLastApplied(result.object, configuration) } : result;
  const own = isKubectl ? lastAppliedFields(live, schema) : new Set<string>();
  const others = result.conflicts.filter(({ path }) => !own.has(path));
  if (others.length > 0) throw applyConflict(others);
  return asKubectlMay(wanted, apply({ ...wanted, force: true }));
}

function createByApply(
  context: ApiContext,
  request: ApiRequest,
  configuration: JsonRecord,
  parameters: WriteParameters,
): KubeObject {
  const { store } = context;
  const { path, identity } = request;
  const { resource, namespace, name = '' } = path;
  // Who may patch may not therefore create.
  const access = { group: resource.group, resource: resource.plural, subresource: '', namespace, name };
  if (!mayAccess(store, identity, { ...access, verb: 'create' }))
    throw forbidden(identity, { ...access, verb: 'create' });
  if (namespace !== undefined && store.get('namespaces', undefined, namespace) === undefined)
    throw notFound('namespaces', namespace);
  const { object, entries } = applied(context, request, configuration, parameters, undefined);
  if ((stringAt(object, 'metadata', 'name') ?? '') === '') {
    throw new StatusError(
      'BadRequest',
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  const uid = stringAt(object, 'metadata', 'uid') ?? '';
  if (uid !== '') throw uidOfNothing(resource.key, name, uid);
  const incoming = incomingObject(object, path);
  const { status: _dropped, ...rest } = incoming;
  const { resourceVersion: _none, uid: _empty, ...metadata } = incoming.metadata;
  const bare: NewObject = {
    ...(resource.subresources.includes('status') ? rest : incoming),
    apiVersion: incoming.apiVersion,
    kind: incoming.kind,
    metadata,
  };
  const draft = applyDefaults(resource.key, bare, store);
  validate(resource, draft);
  const write = { fieldManager: parameters.fieldManager, managedFields: entries };
  admit(store, {
    userName: identity.userName,
    operation: 'CREATE',
    resource,
    subresource: '',
    name,
    object: { ...draft, metadata: { ...draft.metadata, managedFields: entries } },
    oldObject: undefined,
    options: { ...parameters.options, kind: 'CreateOptions' },
    dryRun: parameters.dryRun,
  });
  return store.create(resource.key, draft, { ...write, dryRun: parameters.dryRun });
}

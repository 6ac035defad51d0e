/**
 * What the cluster serves: aggregated discovery (two requests), or the classic documents where the server is older than that. Names that do
 * not obey the API's own grammar are left out: whoever may create a CRD or an APIService chooses them, and they become paths.
 */
import { type Json, NAMESPACE_PATTERN, OBJECT_NAME_PATTERN, Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { Forbidden, jsonOf, readRaw } from '../connection/read.ts';
import { DISCOVERY_GROUP_VERSIONS_MAX, DISCOVERY_KINDS_MAX, DISCOVERY_SHORT_NAMES_MAX } from '../limits.ts';
import { listAt, textAt, valueAt } from '../objects/json-at.ts';
import { kindKey, type ServedKind } from './served-kind.ts';

const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Each kind once, in the version that the server prefers; sorted by kindKey. Throws Unavailable or Forbidden where there is no answer. */
export async function fetchDiscovery(connection: ClusterConnection): Promise<readonly ServedKind[]> {
  const [core, groups] = await Promise.all([
    document(connection, ['api'], ACCEPT),
    document(connection, ['apis'], ACCEPT),
  ]);
  const aggregated = [core, groups].every((one) => textAt(one, 'kind') === 'APIGroupDiscoveryList');
  const found = aggregated
    ? [core, groups].flatMap(fromAggregated)
    : await classic(connection, groups, listAt(core, 'versions').includes('v1'));
  const byKey = new Map<string, ServedKind>();
  // In the order of preference: the first version of a kind is the one that is used.
  for (const kind of found) if (!byKey.has(kindKey(kind))) byKey.set(kindKey(kind), kind);
  return [...byKey.values()].slice(0, DISCOVERY_KINDS_MAX).sort((a, b) => (kindKey(a) < kindKey(b) ? -1 : 1));
}

async function document(connection: ClusterConnection, path: readonly string[], accept?: string): Promise<Json> {
  const answer = await readRaw(connection, path, {}, accept);
  if (answer.kind !== 'found') throw new Unavailable('the cluster does not say what it serves');
  return jsonOf(answer.body);
}

const fromAggregated = (list: Json): readonly ServedKind[] =>
  listAt(list, 'items').flatMap((item) =>
    listAt(item, 'versions').flatMap((version) =>
      listAt(version, 'resources').flatMap((resource) =>
        servedKind(textAt(item, 'metadata', 'name') ?? '', textAt(version, 'version') ?? '', {
          kind: textAt(resource, 'responseKind', 'kind'),
          plural: textAt(resource, 'resource'),
          singular: textAt(resource, 'singularResource'),
          shortNames: listAt(resource, 'shortNames'),
          namespaced: textAt(resource, 'scope') === 'Namespaced',
          verbs: listAt(resource, 'verbs'),
        }),
      ),
    ),
  );

/** One request per group and version. A group whose server does not answer is left out: the others are still there. */
async function classic(connection: ClusterConnection, groups: Json, core: boolean): Promise<readonly ServedKind[]> {
  const versions = [...(core ? [['', 'v1'] as const] : []), ...listAt(groups, 'groups').flatMap(versionsOf)];
  const lists = await Promise.all(
    versions.slice(0, DISCOVERY_GROUP_VERSIONS_MAX).map(async ([group, version]) => {
      const path = group === '' ? ['api', version] : ['apis', group, version];
      try {
        return fromClassic(group, version, await document(connection, path));
      } catch (error) {
        if (error instanceof Unavailable && !(error instanceof Forbidden)) return [];
        throw error;
      }
    }),
  );
  return lists.flat();
}

/** The preferred version first. */
function versionsOf(group: Json): readonly (readonly [string, string])[] {
  const name = textAt(group, 'name') ?? '';
  const preferred = textAt(group, 'preferredVersion', 'version');
  const all = listAt(group, 'versions').map((entry) => textAt(entry, 'version'));
  return [...new Set([preferred, ...all])].flatMap((version) =>
    version !== undefined && OBJECT_NAME_PATTERN.test(name) && NAMESPACE_PATTERN.test(version)
      ? [[name, version] as const]
      : [],
  );
}

const fromClassic = (group: string, version: string, list: Json): readonly ServedKind[] =>
  listAt(list, 'resources').flatMap((resource) =>
    servedKind(group, version, {
      kind: textAt(resource, 'kind'),
      plural: textAt(resource, 'name'),
      singular: textAt(resource, 'singularName'),
      shortNames: listAt(resource, 'shortNames'),
      namespaced: valueAt(resource, 'namespaced') === true,
      verbs: listAt(resource, 'verbs'),
    }),
  );

interface Named {
  readonly kind: string | undefined;
  readonly plural: string | undefined;
  readonly singular: string | undefined;
  readonly shortNames: readonly Json[];
  readonly namespaced: boolean;
  readonly verbs: readonly Json[];
}

/** A Kind in lower case is an RFC 1035 label. */
const KIND = /^[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const VERB = /^[a-z]{1,20}$/;

/** None where a name is not of its grammar; a subresource (`pods/log`) has a slash and so is none. */
function servedKind(group: string, version: string, named: Named): readonly ServedKind[] {
  const { kind = '', plural = '', singular = '', namespaced } = named;
  const wellNamed =
    KIND.test(kind) &&
    NAMESPACE_PATTERN.test(plural) &&
    NAMESPACE_PATTERN.test(version) &&
    (group === '' || OBJECT_NAME_PATTERN.test(group));
  if (!wellNamed) return [];
  const texts = (list: readonly Json[], pattern: RegExp): readonly string[] =>
    list.filter((text): text is string => typeof text === 'string' && pattern.test(text));
  return [
    {
      apiVersion: group === '' ? version : `${group}/${version}`,
      group,
      version,
      kind,
      plural,
      singular: NAMESPACE_PATTERN.test(singular) ? singular : kind.toLowerCase(),
      shortNames: texts(named.shortNames, NAMESPACE_PATTERN).slice(0, DISCOVERY_SHORT_NAMES_MAX),
      namespaced,
      verbs: [...texts(named.verbs, VERB)].sort(),
    },
  ];
}

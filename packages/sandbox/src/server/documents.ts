import { aggregatedDiscovery } from '../discovery/aggregated-discovery.ts';
import { apiGroupByName, apiGroupList, apiResourceList, apiVersions } from '../discovery/discovery.ts';
import { openApiV2, openApiV2Protobuf } from '../discovery/openapi-v2.ts';
import { openApiV3ByPath, openApiV3Index } from '../discovery/openapi-v3.ts';
import { kubernetesVersion } from '../discovery/version.ts';
import type { ResourceCatalogue } from '../resources/resource-catalogue.ts';
import { type Answer, json } from './answer.ts';
import { wantsAggregatedDiscovery } from './media-types.ts';

/** kubectl asks for the one with the @, which Go's own parser of media types refuses in an answer; the answer says the other, as the real API server's does. */
const protobufAsked = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const protobufAnswered = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** What is served besides resources: discovery, OpenAPI, version and health. Undefined where the path is none of it. */
export function document(
  pathname: string,
  accept: string | undefined,
  serverAddress: string,
  resources: ResourceCatalogue,
): Answer | undefined {
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  switch (path) {
    case '/version':
      return json(kubernetesVersion);
    case '/healthz':
    case '/livez':
    case '/readyz':
      return { type: 'text', code: 200, body: 'ok' };
    case '/api':
      return discovery(resources, 'core', accept) ?? json(apiVersions(serverAddress));
    case '/apis':
      return discovery(resources, 'groups', accept) ?? json(apiGroupList(resources));
    case '/openapi/v2':
      return accept?.includes(protobufAsked) === true || accept?.includes(protobufAnswered) === true
        ? { type: 'bytes', code: 200, body: openApiV2Protobuf(resources), contentType: protobufAnswered }
        : json(openApiV2);
    case '/openapi/v3':
      return json(openApiV3Index(resources));
    default:
      return byPrefix(resources, path);
  }
}

function discovery(
  resources: ResourceCatalogue,
  part: 'core' | 'groups',
  accept: string | undefined,
): Answer | undefined {
  const version = wantsAggregatedDiscovery(accept);
  if (version === undefined) return undefined;
  const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  return { type: 'json', code: 200, body: aggregatedDiscovery(resources, part, version), contentType };
}

function byPrefix(resources: ResourceCatalogue, path: string): Answer | undefined {
  const found = path.startsWith('/openapi/v3/')
    ? openApiV3ByPath(resources, path.slice('/openapi/v3/'.length))
    : path === '/api/v1'
      ? apiResourceList(resources, 'v1')
      : groupDocument(resources, path);
  return found === undefined ? undefined : json(found);
}

function groupDocument(resources: ResourceCatalogue, path: string) {
  const match = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path);
  if (match === null) return undefined;
  const [, group = '', version] = match;
  return version === undefined ? apiGroupByName(resources, group) : apiResourceList(resources, `${group}/${version}`);
}

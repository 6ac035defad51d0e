import { StatusError } from '../store/status-error.ts';

/** How a client wants its answer: the object, a Table for people, or metadata only. */
export type Representation = 'object' | 'table' | 'metadata';

export interface Acceptance {
  readonly representation: Representation;
  /** The meta.k8s.io version in which tables and metadata are written. */
  readonly metaVersion: 'v1' | 'v1beta1';
}

/**
 * Reads Accept (RFC 9110 section 12.5.1), in the order in which the client lists types, as Kubernetes clients mean it. Throws NotAcceptable
 * where nothing of it is JSON: this API has no protobuf.
 */
export function parseAccept(header: string | undefined): Acceptance {
  const ranges = (header === undefined || header.trim() === '' ? '*/*' : header).split(',').map(parseRange);
  for (const { type, parameters } of ranges) {
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const as = parameters.get('as');
    if (as === undefined) return { representation: 'object', metaVersion: 'v1' };
    const version = parameters.get('v');
    if (parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue;
    if (as === 'Table') return { representation: 'table', metaVersion: version };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') {
      return { representation: 'metadata', metaVersion: version };
    }
  }
  throw new StatusError('NotAcceptable', 'only the following media types are accepted: application/json');
}

/** Whether the client wants discovery of all groups in one document, and in which version of it. */
export function wantsAggregatedDiscovery(header: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of (header ?? '').split(',').map(parseRange)) {
    if (type !== 'application/json') continue;
    if (parameters.get('as') === 'APIGroupDiscoveryList' && parameters.get('g') === 'apidiscovery.k8s.io') {
      const version = parameters.get('v');
      if (version === 'v2' || version === 'v2beta1') return version;
    }
    if (parameters.get('as') === undefined) return undefined;
  }
  return undefined;
}

/** The media type without its parameters, in lower case. */
export function mediaTypeOf(contentType: string | undefined): string {
  return parseRange(contentType ?? '').type;
}

function parseRange(range: string): { type: string; parameters: Map<string, string> } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const pairs = parameters.map((parameter): [string, string] => {
    const equals = parameter.indexOf('=');
    return equals === -1 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
  });
  return { type: type.toLowerCase(), parameters: new Map(pairs) };
}

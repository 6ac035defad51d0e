/** A request to the API server, before it is one. */
import type { Json } from '@countersign/approvals';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path segments; each is encoded on its own, so that no name can become a path, a query or another segment. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Accept; JSON objects where it is absent. */
  readonly accept?: string | undefined;
  readonly body?: { readonly contentType: string; readonly json: Json };
  /** The request changes nothing, so it may be sent again when a kept connection turned out to be closed. */
  readonly repeatable: boolean;
}

/** `unsent`: nothing of it left this machine. `lost`: it may have arrived; nobody can tell from here. */
export type Exchange =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer; readonly warnings: readonly string[] }
  | { readonly kind: 'unsent' }
  | { readonly kind: 'lost'; readonly staleConnection: boolean };

/** Path and query below the server's own base path. Throws on an empty or a dot segment: a URL parser would fold it away. */
export function requestTarget(base: URL, request: Pick<ApiRequest, 'path' | 'query'>): string {
  const segments = request.path.map((segment) => {
    if (segment === '' || segment === '.' || segment === '..') throw new Error('a path segment must name something');
    return encodeURIComponent(segment);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query.set(name, value);
  const path = `${base.pathname.replace(/\/$/, '')}/${segments.join('/')}`;
  return query.size === 0 ? path : `${path}?${query}`;
}

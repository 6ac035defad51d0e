/** Refusals of the HTTP edge: faults of the protocol, before any rule of Countersign is asked. The rest are the core's refusals. */
export type EdgeRefusal =
  | { readonly code: 'token.missing' }
  | { readonly code: 'token.invalid' }
  | { readonly code: 'http.host_not_allowed' }
  | { readonly code: 'http.origin_not_allowed' }
  | { readonly code: 'http.not_found' }
  | { readonly code: 'http.method_not_allowed' }
  | { readonly code: 'http.media_type' }
  | { readonly code: 'http.body_unreadable' }
  | { readonly code: 'rpc.batch' }
  | { readonly code: 'rpc.invalid' }
  | { readonly code: 'tool.unknown' }
  | { readonly code: 'decision.not_here' }
  | { readonly code: 'internal.fault'; readonly id: string };

export type EdgeCode = EdgeRefusal['code'];

/** For docs/errors.md and its test. */
export const EDGE_CODES: readonly EdgeCode[] = [
  'token.missing',
  'token.invalid',
  'http.host_not_allowed',
  'http.origin_not_allowed',
  'http.not_found',
  'http.method_not_allowed',
  'http.media_type',
  'http.body_unreadable',
  'rpc.batch',
  'rpc.invalid',
  'tool.unknown',
  'decision.not_here',
  'internal.fault',
];

export interface PublicFault {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly retryable: boolean;
}

export function publicEdgeRefusal(refusal: EdgeRefusal): PublicFault {
  const [message, next] = sentence(refusal);
  return { code: refusal.code, message, next, retryable: false };
}

function sentence(r: EdgeRefusal): readonly [message: string, next: string] {
  switch (r.code) {
    case 'token.missing':
      return ['This endpoint needs an access token.', 'Authorize at the server that the resource metadata names.'];
    case 'token.invalid':
      return ['The access token is not valid for this endpoint.', 'Get a new token for this resource and try again.'];
    case 'http.host_not_allowed':
      return ['The Host header names another server.', "Use the endpoint's own address."];
    case 'http.origin_not_allowed':
      return ['A web page of this origin may not call the endpoint.', 'Call it from an MCP client.'];
    case 'http.not_found':
      return ['There is nothing at this path.', 'The endpoint is at /mcp, its REST at /api/plans.'];
    case 'http.method_not_allowed':
      return [
        'This path does not take that method; there are no streams and no sessions.',
        'Use a method that the Allow header names.',
      ];
    case 'http.media_type':
      return ['The body must be application/json.', 'Set Content-Type to application/json.'];
    case 'http.body_unreadable':
      return ['The body is not JSON.', 'Send one JSON document.'];
    case 'rpc.batch':
      return ['JSON-RPC batches are not accepted.', 'Send one message per request.'];
    case 'rpc.invalid':
      return ['The body is no JSON-RPC 2.0 message.', 'Send one JSON-RPC 2.0 message.'];
    case 'tool.unknown':
      return ['There is no such tool.', 'Use a name that tools/list answers.'];
    case 'decision.not_here':
      return [
        'Decisions are made by a signed-in person in a browser, never with a token.',
        'Show the user the reviewUrl of the plan.',
      ];
    case 'internal.fault':
      return [`Something failed inside Countersign (${r.id}).`, 'Give that id to an operator of this deployment.'];
  }
}

/** HTTP answers that carry no result: one shape, a JSON-RPC error without an id, with the public refusal as its data. */
import type { EdgeCode, PublicFault } from './edge-refusal.ts';

/** JSON-RPC 2.0 section 5.1; -32000 is the range left to servers. */
const RPC_CODES: { readonly [code in EdgeCode]?: number } = {
  'http.body_unreadable': -32700,
  'rpc.batch': -32600,
  'rpc.invalid': -32600,
  'tool.unknown': -32602,
  'internal.fault': -32603,
};

export const rpcCodeOf = (code: string): number => RPC_CODES[code as EdgeCode] ?? -32000;

export function faultResponse(
  status: number,
  { code, message, next, retryable }: PublicFault,
  headers: { readonly [name: string]: string } = {},
): Response {
  const body = {
    jsonrpc: '2.0',
    id: null,
    error: { code: rpcCodeOf(code), message, data: { code, message, next, retryable } },
  };
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

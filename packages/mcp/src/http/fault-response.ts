/**
 * HTTP answers that carry no result, with the four fields of a public refusal: at /mcp as the data of a JSON-RPC error without an id, in the
 * REST as `error` itself.
 */
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

export type FaultShape = 'rpc' | 'rest';

export function faultResponse(
  status: number,
  { code, message, next, retryable }: PublicFault,
  headers: { readonly [name: string]: string } = {},
  shape: FaultShape = 'rpc',
): Response {
  const fault = { code, message, next, retryable };
  const body =
    shape === 'rest'
      ? { error: fault }
      : { jsonrpc: '2.0', id: null, error: { code: rpcCodeOf(code), message, data: fault } };
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** Request -> one JSON-RPC message. Read once, bounded; what is judged here is the very value that the server then dispatches. */
import { pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { REQUEST_BODY_BYTES_MAX } from '../limits.ts';
import type { EdgeRefusal } from './edge-refusal.ts';

/** One JSON-RPC 2.0 message: a request, a notification or an answer. */
export type Message = JSONRPCMessage;

export async function readMessage(request: Request): Promise<Result<Message, EdgeRefusal | Refusal>> {
  const read = await readJson(request);
  if (!read.ok) return read;
  // One HTTP call must not become a hundred tool calls behind budget and log (removed from MCP in 2025-06-18, still taken by the SDK).
  if (Array.isArray(read.value)) return refuse({ code: 'rpc.batch' });
  const message = JSONRPCMessageSchema.safeParse(read.value);
  return message.success ? pass(message.data) : refuse({ code: 'rpc.invalid' });
}

/** Any JSON document, declared as JSON and of bounded size. */
export async function readJson(request: Request): Promise<Result<unknown, EdgeRefusal | Refusal>> {
  // Also stops a cross-site form: it can send text/plain without a preflight, but not this type (Fetch standard, CORS-safelisted types).
  if (mediaType(request.headers.get('content-type')) !== 'application/json') return refuse({ code: 'http.media_type' });
  const text = await textUpTo(request, REQUEST_BODY_BYTES_MAX);
  if (text === undefined) return refuse({ code: 'request.too_large', limitBytes: REQUEST_BODY_BYTES_MAX });
  try {
    return pass(JSON.parse(text) as unknown);
  } catch {
    return refuse({ code: 'http.body_unreadable' });
  }
}

const mediaType = (header: string | null): string => (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Undefined when it is longer, declared or not. */
async function textUpTo(request: Request, bytesMax: number): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The tool that a message calls and with what, or undefined for any other message. */
export function calledTool(message: Message): { readonly name: string; readonly input: unknown } | undefined {
  if (!('method' in message) || message.method !== 'tools/call') return undefined;
  const name = message.params?.name;
  return typeof name === 'string' ? { name, input: message.params?.arguments } : undefined;
}

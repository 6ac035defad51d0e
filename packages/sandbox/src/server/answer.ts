import type { ServerResponse } from 'node:http';

/** What a verb answers. A stream writes for itself until it is told to stop. */
export type Answer =
  | { readonly type: 'json'; readonly code: number; readonly body: unknown; readonly contentType?: string }
  | { readonly type: 'text'; readonly code: number; readonly body: string }
  | { readonly type: 'bytes'; readonly code: number; readonly body: Uint8Array; readonly contentType: string }
  | { readonly type: 'stream'; readonly start: (response: ServerResponse) => void };

export function json(body: unknown, code = 200): Answer {
  return { type: 'json', code, body };
}

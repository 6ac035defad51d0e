/** Who may knock at all: the Host and Origin headers, judged before anything is read. */
import type { McpConfig } from '../config.ts';
import type { EdgeRefusal } from './edge-refusal.ts';

export function callerRefusal(
  headers: { readonly host: string | undefined; readonly origin: string | undefined },
  config: McpConfig,
): EdgeRefusal | undefined {
  const host = headers.host?.toLowerCase();
  // Stops DNS rebinding: a page of attacker.example that resolves to this server still says its own name in Host (MCP 2025-11-25,
  // transports, security warning; CVE-2025-65719).
  if (host === undefined || !config.allowedHosts.includes(host)) return { code: 'http.host_not_allowed' };
  // Stops a web page from driving a server that its visitor can reach; `null` is an origin like any other.
  if (headers.origin !== undefined && !config.allowedOrigins.includes(headers.origin)) {
    return { code: 'http.origin_not_allowed' };
  }
  return undefined;
}

/** What a deployment says about its endpoint. */
export interface McpConfig {
  /** Canonical URI of the resource, as clients and tokens name it: `https://host/mcp`, no slash at the end, no query. */
  readonly resource: string;
  /** Issuer identifiers, for the resource metadata (RFC 9728). */
  readonly authorizationServers: readonly string[];
  /** Exact values of the Host header, with the port where it is not the scheme's own. */
  readonly allowedHosts: readonly string[];
  /** Exact values of the Origin header; a request without one is no browser's. */
  readonly allowedOrigins: readonly string[];
  /** Where people decide, without a slash at the end. */
  readonly pagesUrl: string;
  /** Name of the deployment; part of what a release seals. */
  readonly deployment: string;
  /** Name of the cluster, as anomalies carry it. */
  readonly cluster: string;
  readonly version: string;
  /** The word list of mail and pages, so that an answer can name the same four words; left out, it names none. */
  readonly digestWords?: readonly string[];
  readonly budgets?: { readonly callsPerMinute: number; readonly proposalsPerMinute: number };
}

/** Throws on a configuration with which the audience check or the metadata would not fit what clients see. */
export function assertUsable(config: McpConfig): void {
  const url = new URL(config.resource);
  if (url.pathname !== '/mcp' || url.search !== '' || url.hash !== '' || url.href !== config.resource) {
    throw new TypeError('the resource must be the canonical address of /mcp');
  }
  if (config.allowedHosts.length === 0 || config.authorizationServers.length === 0) {
    throw new TypeError('the endpoint needs its host names and at least one authorization server');
  }
}

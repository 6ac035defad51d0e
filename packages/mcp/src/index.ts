export type { McpConfig } from './config.ts';
export { createMcpApp } from './create-mcp-app.ts';
export { EDGE_CODES, type EdgeCode } from './http/edge-refusal.ts';
export type { ClusterReads, FaultReport, LogQuery, McpPorts, ProposeClient, Waiting } from './ports.ts';
export { SCOPES, type Scope } from './scopes.ts';
export { TOOL_NAMES, type ToolName } from './tools/tool-names.ts';

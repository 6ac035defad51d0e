/** The MCP server of one request: stateless, tools only, nothing advertised that it could not keep. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AccessEntries } from '../access-entries.ts';
import { publicEdgeRefusal } from '../http/edge-refusal.ts';
import { rpcCodeOf } from '../http/fault-response.ts';
import { TOOLS, toolNamed } from '../tools/registry.ts';
import type { ToolCall } from '../tools/tool.ts';
import { callTool } from './call-tool.ts';
import { INSTRUCTIONS } from './instructions.ts';

export function createServer(call: ToolCall, entries: AccessEntries): Server {
  const server = new Server(
    { name: 'countersign', title: 'Countersign', version: call.config.version },
    {
      capabilities: { tools: { listChanged: false } },
      instructions: INSTRUCTIONS,
      // Only elicitation would need it, which a stateless server cannot do; the default builds a schema compiler per request.
      jsonSchemaValidator: {
        getValidator: () => () => ({ valid: false, data: undefined, errorMessage: 'not offered' }),
      },
    },
  );
  // The same list for everybody: a tool that a scope hides could not be stepped up to. What may be called is judged at the call.
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map((tool) => {
      const { annotations, inputSchema, outputSchema, ...rest } = tool.listed();
      return {
        ...rest,
        inputSchema: { ...inputSchema },
        outputSchema: { ...outputSchema },
        annotations: { ...annotations },
      };
    }),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = toolNamed(params.name);
    if (tool === undefined) {
      await entries.add('tool.refused', call.principal.id, { tool: null, code: 'tool.unknown' });
      throw unknownTool();
    }
    return callTool(tool, params.arguments, call, entries);
  });
  return server;
}

/** A protocol error (-32602), as the specification has it; the name that was asked for is not repeated. */
function unknownTool(): Error {
  const refusal = publicEdgeRefusal({ code: 'tool.unknown' });
  return Object.assign(new Error(`${refusal.message} ${refusal.next}`), {
    code: rpcCodeOf(refusal.code),
    data: refusal,
  });
}

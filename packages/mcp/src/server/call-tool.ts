/** One tool call from name to result: scope, budget, the tool itself, the access log; and what a caller is told when something fails. */
import { pass, publicRefusal, type Refusal, type Result, refuse, Unavailable } from '@countersign/approvals';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { AccessEntries } from '../access-entries.ts';
import { takeBudget } from '../budgets.ts';
import { guard } from '../guardrails/guard.ts';
import { neutralise } from '../guardrails/neutralise.ts';
import { type PublicFault, publicEdgeRefusal } from '../http/edge-refusal.ts';
import { FAULT_ID_BYTES, REFUSAL_CHARACTERS_MAX } from '../limits.ts';
import { isUnreadable } from '../plans/visible-plan.ts';
import { holdsAny } from '../scopes.ts';
import type { GuardedAnswer, Tool, ToolCall } from '../tools/tool.ts';
import { TOOL_NAMES } from '../tools/tool-names.ts';

export async function callTool(
  tool: Tool,
  input: unknown,
  call: ToolCall,
  entries: AccessEntries,
): Promise<CallToolResult> {
  const result = await runTool(tool, input, call, entries);
  return result.ok ? answered(result.value) : refused(result.refusal);
}

/** The same for every way in, MCP or REST: judged, counted, logged, guarded. */
export async function runTool(
  tool: Tool,
  input: unknown,
  call: ToolCall,
  entries: AccessEntries,
): Promise<Result<GuardedAnswer, PublicFault>> {
  const { principal } = call;
  try {
    const result = await judgedCall(tool, input, call);
    if (!result.ok) {
      await entries.add('tool.refused', principal.id, { tool: tool.name, code: result.refusal.code });
      return refuse(guarded(publicRefusal(result.refusal)));
    }
    await logged(tool, result.value, call, entries);
    return pass(result.value);
  } catch (error) {
    const fault = faultOf(error, tool.name, call);
    await entries.add('tool.refused', principal.id, { tool: tool.name, code: fault.code });
    return refuse(guarded(fault));
  }
}

async function judgedCall(tool: Tool, input: unknown, call: ToolCall): Promise<Result<GuardedAnswer, Refusal>> {
  // Again here, although the HTTP edge has judged it: the right to call is never a matter of what was listed (CVE-2026-46519).
  const needed = tool.scopesFor(input);
  if (!holdsAny(call.principal.scopes, needed)) return refuse({ code: 'access.scope_missing', scope: needed[0] });
  const exhausted = await takeBudget('calls', call);
  return exhausted === undefined ? tool.run(input, call) : refuse(exhausted);
}

async function logged(tool: Tool, answer: GuardedAnswer, call: ToolCall, entries: AccessEntries): Promise<void> {
  const { report, planId } = answer;
  await entries.add('tool.called', call.principal.id, { tool: tool.name }, planId);
  const { flagged, redacted, neutralised } = report;
  if (flagged.length === 0 && neutralised === 0 && Object.keys(redacted).length === 0) return;
  const categories = [...new Set(flagged.map((flag) => flag.category))];
  await entries.add(
    'guardrail.flagged',
    call.principal.id,
    { tool: tool.name, categories, redacted, neutralised },
    planId,
  );
}

/** Structured for programs; a sentence, and the same data as JSON text for clients that show a model the text alone. */
function answered({ structured, text }: GuardedAnswer): CallToolResult {
  return {
    content: [
      { type: 'text', text: neutralise(text).text },
      { type: 'text', text: JSON.stringify(structured) },
    ],
    structuredContent: { ...structured },
  };
}

/** A refusal may quote a cluster's message: it passes the same guard as any other text of a cluster. */
function guarded({ code, message, next, retryable }: PublicFault): PublicFault {
  const options = { toolNames: TOOL_NAMES, textCharactersMax: REFUSAL_CHARACTERS_MAX };
  return guard({ code, message, next, retryable }, options).value as unknown as PublicFault;
}

const refused = (fault: PublicFault): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(fault) }],
  isError: true,
});

/** Never the error's own text: it may hold an upstream body, a header or a path. Operators find it by the id. */
function faultOf(error: unknown, where: string, { ports }: ToolCall): PublicFault {
  if (error instanceof Unavailable) return publicRefusal({ code: 'internal.unavailable' });
  // The plan itself could be read, and the caller may see it: something stored beside it is not of its format, perhaps tampered with.
  if (isUnreadable(error)) return publicRefusal({ code: 'plan.unreadable' });
  const id = `flt_${ports.random.token(FAULT_ID_BYTES)}`;
  ports.faults({ id, where, error });
  return publicEdgeRefusal({ code: 'internal.fault', id });
}

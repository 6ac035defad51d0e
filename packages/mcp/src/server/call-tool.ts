/**
 * One tool call from name to result: the arguments screened, scope, budget, the tool itself, the guard, the access log; and what a caller
 * is told when something fails. The one door for answers: what the guard has not seen does not leave, whichever tool made it.
 */
import { type Json, pass, publicRefusal, type Refusal, type Result, refuse, Unavailable } from '@countersign/approvals';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { AccessEntries } from '../access-entries.ts';
import { takeBudget } from '../budgets.ts';
import { fencedJson } from '../guardrails/fence.ts';
import { type GuardReport, guard, guardAnswer } from '../guardrails/guard.ts';
import { suspicionsOfRequest } from '../guardrails/screen-request.ts';
import { type PublicFault, publicEdgeRefusal } from '../http/edge-refusal.ts';
import { FAULT_ID_BYTES, REFUSAL_CHARACTERS_MAX } from '../limits.ts';
import { isUnreadable } from '../plans/visible-plan.ts';
import { holdsAny } from '../scopes.ts';
import type { Tool, ToolCall, UnguardedAnswer } from '../tools/tool.ts';
import { TOOL_NAMES } from '../tools/tool-names.ts';

/** `look` is a parameter so that a test can make the guard fail: then nothing leaves. */
export async function callTool(
  tool: Tool,
  input: unknown,
  call: ToolCall,
  entries: AccessEntries,
  look: typeof guardAnswer = guardAnswer,
): Promise<CallToolResult> {
  const result = await runTool(tool, input, call, entries, look);
  return result.ok ? answered(result.value) : refused(result.refusal);
}

/** The same for every way in, MCP or REST: judged, counted, logged, guarded. */
export async function runTool(
  tool: Tool,
  input: unknown,
  call: ToolCall,
  entries: AccessEntries,
  look: typeof guardAnswer = guardAnswer,
): Promise<Result<GuardedAnswer, PublicFault>> {
  const { principal } = call;
  try {
    await screened(tool, input, call, entries);
    const result = await judgedCall(tool, input, call);
    if (!result.ok) {
      await entries.add('tool.refused', principal.id, { tool: tool.name, code: result.refusal.code });
      return refuse(guarded(publicRefusal(result.refusal)));
    }
    const shown = guardedAnswer(tool, result.value, look);
    await logged(tool, shown, call, entries);
    return pass(shown);
  } catch (error) {
    const fault = faultOf(error, tool.name, call);
    await entries.add('tool.refused', principal.id, { tool: tool.name, code: fault.code });
    return refuse(guarded(fault));
  }
}

/** A warning for whoever reads the log: words decide nothing here, and a plan they lead to still waits for a person. */
async function screened(tool: Tool, input: unknown, call: ToolCall, entries: AccessEntries): Promise<void> {
  const categories = suspicionsOfRequest(input);
  if (categories.length === 0) return;
  await entries.add('guardrail.flagged', call.principal.id, { tool: tool.name, direction: 'request', categories });
}

async function judgedCall(tool: Tool, input: unknown, call: ToolCall): Promise<Result<UnguardedAnswer, Refusal>> {
  // Again here, although the HTTP edge has judged it: the right to call is never a matter of what was listed (CVE-2026-46519).
  const needed = tool.scopesFor(input);
  if (!holdsAny(call.principal.scopes, needed)) return refuse({ code: 'access.scope_missing', scope: needed[0] });
  const exhausted = await takeBudget('calls', call);
  return exhausted === undefined ? tool.run(input, call) : refuse(exhausted);
}

export interface GuardedAnswer extends UnguardedAnswer {
  readonly report: GuardReport;
}

function guardedAnswer(tool: Tool, answer: UnguardedAnswer, look: typeof guardAnswer): GuardedAnswer {
  const { untrusted, untrustedTextCharactersMax: textCharactersMax } = tool;
  const { value, report } = look({ structured: answer.structured, text: answer.text }, untrusted, {
    toolNames: TOOL_NAMES,
    ...(textCharactersMax === undefined ? {} : { textCharactersMax }),
  });
  const { structured, text } = value as unknown as Pick<UnguardedAnswer, 'structured' | 'text'>;
  // Pointers are those of the answer, as the caller sees it.
  const flagged = report.flagged.map((flag) => ({ ...flag, at: flag.at.replace(/^\/structured/, '') }));
  const told = { ...report, flagged } as unknown as Json;
  return {
    structured: untrusted.length > 0 ? { ...structured, guardrail: told } : structured,
    text,
    planId: answer.planId,
    report,
  };
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
    { tool: tool.name, direction: 'answer', categories, redacted, neutralised },
    planId,
  );
}

/** Structured for programs; a sentence, and the same data as JSON text for clients that show a model the text alone. */
function answered({ structured, text }: GuardedAnswer): CallToolResult {
  return {
    content: [
      { type: 'text', text },
      { type: 'text', text: fencedJson(structured) },
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
  content: [{ type: 'text', text: fencedJson({ ...fault }) }],
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

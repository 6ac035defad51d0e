/** How much one principal may ask in a minute: counted in the store, so that it holds over all instances (MCP, tools: rate limit invocations). */
import type { Refusal } from '@countersign/approvals';
import { BUDGET_WINDOW_SECONDS, CALLS_PER_MINUTE_MAX, PROPOSALS_PER_MINUTE_MAX } from './limits.ts';
import type { ToolCall } from './tools/tool.ts';

/** `calls`: any tool. `proposals`: valid requests for a change, each of which costs a dry run, a mail and a person's attention. */
export type BudgetKind = 'calls' | 'proposals';

/** Takes one from the budget; the refusal when nothing is left. Throws Unavailable where it cannot be counted: then nothing is done. */
export async function takeBudget(
  kind: BudgetKind,
  { principal, ports, config }: Pick<ToolCall, 'principal' | 'ports' | 'config'>,
): Promise<Refusal | undefined> {
  const limit =
    kind === 'calls'
      ? (config.budgets?.callsPerMinute ?? CALLS_PER_MINUTE_MAX)
      : (config.budgets?.proposalsPerMinute ?? PROPOSALS_PER_MINUTE_MAX);
  const now = ports.clock().getTime();
  const start = now - (now % (BUDGET_WINDOW_SECONDS * 1000));
  const end = start + BUDGET_WINDOW_SECONDS * 1000;
  const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();
  if (await ports.budgets.take(`${principal.id}.${kind}`, instant(start), limit, instant(end))) return undefined;
  return { code: 'request.rate_limited', retryAfterSeconds: Math.max(1, Math.ceil((end - now) / 1000)) };
}

/** Looks at a plan until it is where the caller wants it, or time is up. Sleeps between looks; never loops without. */
import type { Plan } from '@countersign/approvals';
import { POLL_EAGER_MILLISECONDS, POLL_MILLISECONDS, POLL_SLOW_MILLISECONDS } from '../limits.ts';
import type { ToolCall } from '../tools/tool.ts';

export interface Followed {
  readonly plan: Plan;
  readonly timedOut: boolean;
}

/**
 * `first`: the plan as it was read a moment ago. Ends when `done` holds, after `milliseconds`, when the caller has gone, or when the plan
 * cannot be read any more (then with the last one that could).
 */
export async function followPlan(
  first: Plan,
  done: (plan: Plan) => boolean,
  milliseconds: number,
  { ports, signal }: Pick<ToolCall, 'ports' | 'signal'>,
): Promise<Followed> {
  const begun = ports.clock().getTime();
  let plan = first;
  let slept = 0;
  while (!done(plan)) {
    // Slept time bounds the wait whatever the clock does; the clock counts what slow reads took.
    const passed = Math.max(slept, ports.clock().getTime() - begun);
    if (passed >= milliseconds || signal.aborted) return { plan, timedOut: true };
    const pause = slept < POLL_EAGER_MILLISECONDS ? POLL_MILLISECONDS : POLL_SLOW_MILLISECONDS;
    const pauseLeft = Math.min(pause, milliseconds - passed);
    await ports.waiting.sleep(pauseLeft);
    slept += pauseLeft;
    plan = (await ports.plans.readPlan(plan.planId)) ?? plan;
  }
  return { plan, timedOut: false };
}

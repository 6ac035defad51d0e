/** What became of each step of a plan, typed: said by the records, never inferred from a text. Pure. */
import type { Plan, StepRecord } from './plan.ts';
import type { PlanStatus } from './plan-status.ts';
import type { RefusalCode } from './refusal.ts';

export const STEP_RESULTS = [
  /** Nothing was sent; it may still be. */
  'waiting',
  /** It was begun and has not been settled. */
  'running',
  'written',
  /** Written, and the cluster stored something else than the dry run had promised. */
  'written_otherwise',
  /** The step at which the plan stopped, before its write. */
  'refused',
  /** It comes after the step at which the plan stopped, or the plan ended before it ran. */
  'not_run',
  /** It may have been written; the cluster cannot tell. */
  'unknown',
] as const;
export type StepResult = (typeof STEP_RESULTS)[number];

export interface StepOutcome {
  /** From 1. */
  readonly step: number;
  readonly result: StepResult;
  /** Why, of a refused step. */
  readonly code: RefusalCode | null;
}

const OPEN: readonly PlanStatus[] = ['pending', 'approved', 'executing'];
/** Every step is in the cluster, by the cluster's word or by a person's. */
const WHOLE: readonly PlanStatus[] = ['applied', 'verified', 'unverified'];

/** `count`: the steps of the plan's intent. */
export function stepOutcomes(
  plan: Pick<Plan, 'status' | 'reason'>,
  count: number,
  records: readonly StepRecord[],
): readonly StepOutcome[] {
  let stopped = false;
  return Array.from({ length: count }, (_, at): StepOutcome => {
    const step = at + 1;
    const record = records.find((one) => one.step === step);
    if (record?.state === 'written' || WHOLE.includes(plan.status)) {
      return { step, result: record?.asApproved === false ? 'written_otherwise' : 'written', code: null };
    }
    if (OPEN.includes(plan.status)) {
      return {
        step,
        result: plan.status === 'executing' && record?.state === 'started' ? 'running' : 'waiting',
        code: null,
      };
    }
    // It goes on from here, or ends, once the step in doubt is settled.
    if (plan.status === 'unknown') {
      const inDoubt = record !== undefined && record.state !== 'not-written';
      return { step, result: inDoubt ? 'unknown' : 'waiting', code: null };
    }
    // The first step that was not written is where it stopped; a plan that ended before it ran stopped at none.
    const here = !stopped && plan.reason !== null;
    stopped = true;
    return here
      ? { step, result: 'refused', code: plan.reason?.code ?? null }
      : { step, result: 'not_run', code: null };
  });
}

/** Reads what is stored of a plan; "not there" and "not readable" become refusals, so that every stage answers them alike. */
import { type PlanRecords, type PlanStore, UnreadableRecord } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';

export async function readRecords(
  plans: Pick<PlanStore, 'read'>,
  planId: string,
): Promise<Result<PlanRecords, Refusal>> {
  try {
    const records = await plans.read(planId);
    return records === null ? refuse({ code: 'plan.not_found' }) : pass(records);
  } catch (error) {
    if (error instanceof UnreadableRecord) return refuse({ code: 'plan.unreadable' });
    throw error;
  }
}

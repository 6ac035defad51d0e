import {
  type ChangeRequest,
  holdsRedactedLeaf,
  type Json,
  type OpenedPlan,
  type Operation,
  openPlan,
  type PlanStatus,
  pass,
  type Refusal,
  type Result,
  refuse,
  type StepRecord,
  targetKey,
} from '@countersign/approvals';
import * as z from 'zod';
import { visiblePlan } from '../plans/visible-plan.ts';
import { planId, reason } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool, type ToolCall } from './tool.ts';

export const requestUndo = defineTool({
  ...REQUEST_TOOL,
  name: 'request_undo',
  title: 'Request an undo',
  description: `Requests the undo of a plan of yours that has written: the inverse that was prepared with it, of the steps that were written, against the objects as they are now. ${STORES_A_PLAN} A restart, and what would need hidden values, have no undo.`,
  input: z.strictObject({ planId, reason }),
  async execute(input, call) {
    const changes = await undoOf(input.planId, call);
    return changes.ok
      ? requestChanges(changes.value, { reason: `Undo of plan ${input.planId}. ${input.reason}` }, call)
      : changes;
  },
});

async function undoOf(id: string, call: ToolCall): Promise<Result<readonly ChangeRequest[], Refusal>> {
  const visible = await visiblePlan(id, call);
  if (!visible.ok) return visible;
  const { requester } = visible.value.review;
  // Others may see it and ask for the same change in their own words; "undo mine" is the requester's and its owner's.
  if (call.principal.id !== requester.id && call.principal.id !== requester.owner)
    return refuse({ code: 'access.not_requester' });
  const records = await call.ports.plans.read(id);
  if (records === null) return refuse({ code: 'plan.not_found' });
  const opened = openPlan(records);
  if (!opened.ok) return opened;
  const why = notUndoable(opened.value.plan.status);
  if (why !== undefined) return refuse({ code: 'plan.no_undo', why });
  return preparedUndo(opened.value, records.steps);
}

/** Only what is known to have written can be taken back. */
function notUndoable(status: PlanStatus): string | undefined {
  switch (status) {
    case 'applied':
    case 'verified':
    case 'unverified':
    case 'partially_applied':
      return undefined;
    case 'executing':
      return 'the plan is still running';
    case 'unknown':
      return 'it is not known yet what it wrote';
    default:
      return 'the plan has written nothing';
  }
}

function preparedUndo(
  { plan, intent, evidence }: OpenedPlan,
  records: readonly StepRecord[],
): Result<readonly ChangeRequest[], Refusal> {
  const { steps, message } = evidence.undo;
  if (steps === null) return refuse({ code: 'plan.no_undo', why: lowerFirst(message) });
  const untouched = new Set(
    intent.steps
      .filter((_step, index) => !records.some(({ step, state }) => step === index + 1 && mayHaveWritten(state)))
      .map(({ target }) => targetKey(target)),
  );
  // Of a plan that stopped half-way only what it wrote: the rest is as it was.
  const mine = steps.filter(({ target }) => plan.status !== 'partially_applied' || !untouched.has(targetKey(target)));
  if (mine.length === 0) return refuse({ code: 'plan.no_undo', why: 'nothing that it wrote can be undone' });
  const changes = mine.map(({ target: { kind, namespace, name }, operation }) => ({
    kind,
    namespace,
    name,
    operation: asked(operation),
  }));
  // What is looked up again (a revision's template) may hold hidden leaves; what would be sent as it stands may not.
  if (holdsRedactedLeaf(changes as unknown as Json))
    return refuse({ code: 'plan.no_undo', why: 'it would need values that are hidden' });
  return pass(changes);
}

/** `unknown` here: a person has settled what the cluster could not tell; the dry run shows whether there is anything to undo. */
const mayHaveWritten = (state: StepRecord['state']): boolean => state === 'written' || state === 'unknown';

/** What was looked up for the plan is looked up again: a timestamp, a revision's template. */
function asked(operation: Operation): ChangeRequest['operation'] {
  switch (operation.type) {
    case 'restart':
      return { type: 'restart' };
    case 'rollback':
      return { type: 'rollback', revision: operation.revision };
    default:
      return operation;
  }
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** A plan on the test cluster, from its proposal to its last step, with the checks that hold for every operation. */
import {
  type ChangeRequest,
  canonicalize,
  comparedAs,
  type Json,
  type LiveObject,
  type PreparedChange,
  type StepToRun,
  type WriteResult,
} from '@countersign/approvals';
import { executionCluster } from '../execute/execution-cluster.ts';
import { objectRules } from '../objects/object-rules.ts';
import { proposalCluster } from '../propose/proposal-cluster.ts';
import { somePolicy } from './objects.ts';
import { newPlanId, random, type TestCluster } from './start-cluster.ts';

export type Asked = Pick<ChangeRequest, 'operation'> & Partial<ChangeRequest>;

export interface Planned {
  readonly planId: string;
  readonly change: PreparedChange;
  /** From 1, as the core would hand it to the executor. */
  stepToRun(stepNumber: number): StepToRun;
}

/** Proposer and executor of one cluster. */
export function planner(cluster: TestCluster) {
  const propose = proposalCluster(cluster.connect('proposer'));
  const execute = executionCluster(cluster.connect('executor'));

  /** Deployment shop/web where the request says nothing else. */
  const prepare = async (asked: readonly Asked[], planId = newPlanId()) =>
    propose.prepare({
      planId,
      requests: asked.map((one) => ({ kind: 'Deployment', namespace: 'shop', name: 'web', ...one })),
      policy: somePolicy(),
      now: new Date(),
      random,
    });

  const plan = async (...asked: readonly Asked[]): Promise<Planned> => {
    const planId = newPlanId();
    const result = await prepare(asked, planId);
    if (!result.ok) throw new Error(JSON.stringify(result.refusal));
    const change = result.value;
    const stepToRun = (stepNumber: number): StepToRun => ({
      intent: change.intent,
      stepNumber,
      planId,
      leaves: change.raw.steps[stepNumber - 1]?.operationLeaves ?? {},
    });
    return { planId, change, stepToRun };
  };

  const read = async ({ change }: Planned, stepNumber: number): Promise<LiveObject | null> => {
    const target = change.intent.steps[stepNumber - 1]?.target;
    if (target === undefined) throw new Error('no step');
    return execute.read(target);
  };

  /** Second dry run and write of a step. Throws where either is not what was approved. */
  const run = async (planned: Planned, stepNumber = 1): Promise<WriteResult> => {
    const step = planned.change.intent.steps[stepNumber - 1];
    if (step === undefined) throw new Error('no step');
    const text = (object: Json): string => canonicalize(objectRules.comparable(object, comparedAs(step)));
    const approved = text(planned.change.raw.steps[stepNumber - 1]?.dryRun ?? null);
    // Controllers write statuses all the time: as the core does, look again after a conflict.
    for (let attempt = 0; ; attempt += 1) {
      const live = await read(planned, stepNumber);
      const second = await execute.dryRun(planned.stepToRun(stepNumber), live);
      if (!second.ok && second.refusal.code === 'write.conflict' && attempt < 10) continue;
      if (!second.ok) throw new Error(JSON.stringify(second.refusal));
      if (text(second.object) !== approved) throw new Error('the second dry run is another one');
      const written = await execute.write(planned.stepToRun(stepNumber), live);
      if (written.outcome === 'conflict' && attempt < 10) continue;
      if (written.outcome === 'written' && text(written.object) !== approved)
        throw new Error('another object was written');
      return written;
    }
  };

  return { prepare, plan, read, run, execute };
}

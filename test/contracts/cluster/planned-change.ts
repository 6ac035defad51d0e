/** A plan through the adapter's own ports, as propose and execute use them, with what must hold for every operation. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type ChangeRequest,
  canonicalize,
  comparedAs,
  intentDigest,
  type Json,
  type LiveObject,
  type Policy,
  type PreparedChange,
  planMark,
} from '@countersign/approvals';
import { connectCluster, executionCluster, objectRules, proposalCluster } from '@countersign/kubernetes';

const guardManifests = readFileSync(new URL('../../../infra/cluster/guard-policies.yaml', import.meta.url), 'utf8');
const policy = JSON.parse(
  readFileSync(new URL('../../../packages/local/policies/deployed.json', import.meta.url), 'utf8'),
) as Policy;
const random = { token: (bytes: number) => randomBytes(bytes).toString('base64url') };

/** Controllers write statuses all the time; each attempt reads anew, as the core does. */
const ATTEMPTS_MAX = 50;

export interface Planned {
  readonly planId: string;
  readonly change: PreparedChange;
}

/** `kubeconfig` has the contexts proposer and executor. */
export function planningOn(kubeconfig: string) {
  const connections = (['proposer', 'executor'] as const).map((context) =>
    connectCluster({ name: 'contract', kubeconfig, context, guardManifests }),
  );
  const [proposer, executor] = connections;
  if (proposer === undefined || executor === undefined) throw new Error('not connected');
  const propose = proposalCluster(proposer);
  const execute = executionCluster(executor);

  const prepare = (requests: readonly ChangeRequest[], planId: string) =>
    propose.prepare({ planId, requests, policy, now: new Date(), random });

  const plan = async (...requests: readonly ChangeRequest[]): Promise<Planned> => {
    const planId = `pln_${random.token(16)}`;
    const result = await prepare(requests, planId);
    if (!result.ok) throw new Error(JSON.stringify(result.refusal));
    return { planId, change: result.value };
  };

  /** Throws unless each second dry run is the approved one, and each written object what it promised, under the step's mark. */
  const run = async ({ planId, change }: Planned): Promise<void> => {
    const { intent } = change;
    for (const [at, step] of intent.steps.entries()) {
      const toRun = {
        intent,
        stepNumber: at + 1,
        planId,
        leaves: change.raw.steps[at]?.operationLeaves ?? {},
      };
      const text = (object: Json): string => canonicalize(objectRules.comparable(object, comparedAs(step)));
      const approved = change.raw.steps[at]?.dryRun ?? null;
      const live = await written(approved, text, async () => {
        const live: LiveObject | null = await execute.read(step.target);
        const second = await execute.dryRun(toRun, live);
        if (!second.ok) return second.refusal.code === 'write.conflict' ? 'conflict' : second.refusal;
        if (text(second.object) !== text(approved)) return difference('dry-run', approved, second.object);
        const result = await execute.write(toRun, live);
        return result.outcome === 'conflict' ? 'conflict' : result;
      });
      const mark = planMark(planId, at + 1, intentDigest(intent));
      if (step.operation.type !== 'delete' && live !== null && !JSON.stringify(live).includes(mark))
        throw new Error('the written object has no mark of ours');
    }
  };

  async function written(
    approved: Json,
    text: (object: Json) => string,
    attempt: () => Promise<unknown>,
  ): Promise<Json> {
    for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
      const result = await attempt();
      if (result === 'conflict') continue;
      const { outcome, object = null } = result as { outcome?: string; object?: Json };
      if (outcome !== 'written') throw new Error(`not written: ${JSON.stringify(result)}`);
      if (text(object) !== text(approved)) throw new Error(difference('written', approved, object));
      return object;
    }
    throw new Error('the object kept changing');
  }

  const close = (): void => {
    for (const connection of connections) connection.close();
  };
  return { prepare, plan, run, execute, close };
}

const difference = (what: string, approved: Json, found: Json): string =>
  `${what} otherwise than approved: ${objectRules.changedPaths(approved, found).join(' ')}`;

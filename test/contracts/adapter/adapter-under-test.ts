/** The adapter on one cluster, whichever: proposes, executes and verifies as the three identities do, as the core has them do it. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type ChangeRequest,
  canonicalize,
  comparedAs,
  type ExecutionCluster,
  isFresh,
  type Json,
  type LiveObject,
  type Policy,
  type PreparedChange,
  type ProposalCluster,
  policySchema,
  type Step,
  type StepToRun,
  type VerificationCluster,
} from '@countersign/approvals';
import {
  type ClusterConnection,
  connectCluster,
  executionCluster,
  objectRules,
  proposalCluster,
  verificationCluster,
} from '@countersign/kubernetes';
import { expect } from 'vitest';
import { eventually } from '../../cluster/eventually.ts';
import { type Answer, type Call, callsTo } from '../cluster/cluster-under-test.ts';

export interface Adapter {
  readonly propose: ProposalCluster;
  readonly execute: ExecutionCluster;
  readonly verify: VerificationCluster;
  connect(identity: 'reader' | 'proposer' | 'executor'): ClusterConnection;
  /** The cluster's own user, who makes what the plans change. */
  user(call: Call): Promise<Answer>;
  close(): void;
}

const guardManifests = readFileSync(new URL('../../../infra/cluster/guard-policies.yaml', import.meta.url), 'utf8');
const deployed = readFileSync(new URL('../../../packages/local/policies/deployed.json', import.meta.url), 'utf8');
const POLICY: Policy = policySchema.parse(JSON.parse(deployed));

/** `kubeconfig`: contexts user, reader, proposer and executor; namespace shop is handed over. */
export function adapterOn(kubeconfig: string): Adapter {
  const { call, close } = callsTo(kubeconfig);
  const connections: ClusterConnection[] = [];
  const connect: Adapter['connect'] = (context) => {
    const connection = connectCluster({ name: 'contract', kubeconfig, context, guardManifests });
    connections.push(connection);
    return connection;
  };
  return {
    propose: proposalCluster(connect('proposer')),
    execute: executionCluster(connect('executor')),
    verify: verificationCluster(connect('reader')),
    connect,
    user: (one) => call('user', one),
    close: () => {
      close();
      for (const connection of connections) connection.close();
    },
  };
}

export interface Proposed {
  readonly planId: string;
  readonly change: PreparedChange;
}

let proposals = 0;
export async function proposed(adapter: Adapter, requests: readonly ChangeRequest[]) {
  const planId = `pln_${randomBytes(16).toString('base64url')}`;
  const prepared = await adapter.propose.prepare({
    planId,
    requests,
    policy: POLICY,
    // A second later each time: no restart repeats another one's instant.
    now: new Date(Date.now() + 1_000 * proposals++),
    random: { token: (bytes) => randomBytes(bytes).toString('base64url') },
  });
  return prepared.ok ? { ok: true as const, value: { planId, change: prepared.value } } : prepared;
}

/** Throws what was refused. */
export async function mustPropose(adapter: Adapter, requests: readonly ChangeRequest[]): Promise<Proposed> {
  const made = await proposed(adapter, requests);
  if (!made.ok) throw new Error(JSON.stringify(made.refusal));
  return made.value;
}

/** One step of a proposal, with everything that running it takes. */
export function stepOf({ planId, change }: Proposed, stepNumber: number) {
  const step = change.intent.steps[stepNumber - 1];
  const raw = change.raw.steps[stepNumber - 1];
  if (step === undefined || raw === undefined) throw new RangeError(`no step ${stepNumber}`);
  const run: StepToRun = { intent: change.intent, stepNumber, planId, leaves: raw.operationLeaves ?? {} };
  return { step, raw, run };
}

const same = (step: Step, a: Json, b: Json): void => {
  const as = comparedAs(step);
  expect(canonicalize(objectRules.comparable(a, as))).toBe(canonicalize(objectRules.comparable(b, as)));
};

/** Controllers write the status of what they see; each of these is a 409 to whoever read before. */
const CONFLICTS_MAX = 50;

/** The core's way through one step: quorum read, freshness, second dry run equal to the approved one, one write equal to it, too. */
export async function runStep(adapter: Adapter, made: Proposed, stepNumber: number): Promise<LiveObject | null> {
  const { step, raw, run } = stepOf(made, stepNumber);
  for (let attempt = 0; attempt < CONFLICTS_MAX; attempt += 1) {
    const live = await adapter.execute.read(step.target);
    expect(isFresh({ review: { freshness: made.change.freshness } as never }, stepNumber, raw, live, objectRules)).toBe(
      true,
    );
    const second = await adapter.execute.dryRun(run, live);
    if (!second.ok && second.refusal.code === 'write.conflict') continue;
    if (!second.ok) throw new Error(JSON.stringify(second.refusal));
    same(step, second.object, raw.dryRun);
    const written = await adapter.execute.write(run, live);
    if (written.outcome === 'conflict') continue;
    if (written.outcome !== 'written') throw new Error(JSON.stringify(written));
    same(step, written.object, raw.dryRun);
    return live;
  }
  throw new Error('the object kept changing');
}

/** A rollout of a few pods, or a cascade. */
export const CONTROLLERS_DONE_TIMEOUT_MILLISECONDS = 60_000;

/** Until every success criterion that the reviewer approved is met. */
export const verified = (adapter: Adapter, { change }: Proposed): Promise<true> =>
  eventually(CONTROLLERS_DONE_TIMEOUT_MILLISECONDS, async () => {
    const states = await adapter.verify.observe(change.evidence.successCriteria.all, change.intent);
    return states.every(({ state }) => state === 'met') ? true : undefined;
  });

/** Proposed, every step run, verified. */
export async function carriedOut(adapter: Adapter, requests: readonly ChangeRequest[]): Promise<Proposed> {
  const made = await mustPropose(adapter, requests);
  for (const at of made.change.intent.steps.keys()) await runStep(adapter, made, at + 1);
  await verified(adapter, made);
  return made;
}

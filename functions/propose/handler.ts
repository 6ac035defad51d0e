/** Propose: an intent -> plan `pending` with both digests. Invoked by functions/mcp for a client, by the queue for an anomaly. */
import { type ProposeForAnomalyPorts, proposeForAnomaly } from '@countersign/agents';
import { PLANNER, proposePlan, type Refusal, type Result, refuse } from '@countersign/approvals';
import { anomalyStore, outbox, planStore, s3RawEvidence } from '@countersign/aws';
import { factsCluster, proposalCluster } from '@countersign/kubernetes';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { onFirstCall, type Platform } from '../platform.ts';
import { type ClientProposal, clientProposal } from '../proposal-event.ts';
import { eachMessage } from '../queue-batch.ts';
import { connect, loadPolicies } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';

type Answer = SQSBatchResponse | Result<{ readonly planId: string }, Refusal>;

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: SQSEvent | ClientProposal) => Promise<Answer> {
  const { dynamodb, s3 } = platform.clients;
  const connection = connect(environment);
  const orders = outbox(dynamodb, environment.TABLE);
  const ports = {
    plans: planStore(dynamodb, environment.TABLE),
    rawEvidence: s3RawEvidence(s3, environment.RAW_EVIDENCE_BUCKET),
    cluster: proposalCluster(connection),
    policies: loadPolicies(environment),
    clock: platform.clock,
    random: platform.random,
  };
  const planner = {
    ...ports,
    cluster: factsCluster(connection, platform.clock),
    anomalies: anomalyStore(dynamodb, environment.TABLE),
    propose: ({ change, ...remedy }: Parameters<ProposeForAnomalyPorts['propose']>[0]) =>
      proposePlan({ ...remedy, changes: [change], requester: PLANNER, groups: [] }, ports),
  };
  return async (event) => {
    if (!('Records' in event)) {
      const parsed = clientProposal.safeParse(event);
      if (!parsed.success)
        return refuse({ code: 'request.invalid', issues: parsed.error.issues.map((issue) => issue.path.join('.')) });
      const { requester, groups, changes, words } = parsed.data;
      const proposal = { requester, groups, changes, words: { ...words, decidedBy: 'client' as const }, anomaly: null };
      return proposePlan(proposal, ports);
    }
    return eachMessage(event, platform, async ({ outboxId }) => {
      const order = await orders.read(outboxId);
      if (order?.kind !== 'propose' || order.pointer.type !== 'anomaly') return;
      const { outcome } = await proposeForAnomaly(order.pointer.anomalyKey, planner);
      if (outcome !== 'retry') await orders.settle(outboxId);
    });
  };
}

export const handler = onFirstCall(environmentSchema, createHandler);

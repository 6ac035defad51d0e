/** The last lines of the log of the container that fails: why it ended usually stands there. A pod without a log is no fault. */
import { type Json, Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../../connection/connect-cluster.ts';
import { DIAGNOSIS_LOG_LINES } from '../../limits.ts';
import type { Pod } from '../../objects/wire.ts';
import { readLogs } from '../logs.ts';
import { failingContainer } from './pod-findings.ts';

export async function logHint(connection: ClusterConnection, namespace: string, pod: Pod | undefined): Promise<Json> {
  const failing = pod === undefined ? undefined : failingContainer(pod);
  const name = pod?.metadata?.name;
  if (failing === undefined || name === undefined) return null;
  const { name: container, previous } = failing;
  try {
    const logs = await readLogs(connection, {
      namespace,
      pod: name,
      container,
      previous,
      tailLines: DIAGNOSIS_LOG_LINES,
    });
    return logs.ok ? { pod: name, container, previous, lines: [...logs.value.lines] } : null;
  } catch (error) {
    // The facts are worth telling without it.
    if (error instanceof Unavailable) return null;
    throw error;
  }
}

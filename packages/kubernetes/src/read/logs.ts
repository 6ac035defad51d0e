/** get_pod_logs: the newest lines of one container, secrets redacted, hidden characters made visible. */
import { pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { readObject, readRaw } from '../connection/read.ts';
import { LOG_BYTES_MAX, LOG_FETCH_BYTES_MAX, LOG_TAIL_LINES_MAX } from '../limits.ts';
import { objectPath, PODS } from '../objects/resource-kinds.ts';
import type { Pod } from '../objects/wire.ts';
import { redactLines } from '../redaction/redact-lines.ts';

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  /** Absent: the pod's default container, else its first. */
  readonly container?: string;
  readonly tailLines: number;
  /** The container's previous run. */
  readonly previous: boolean;
}

export interface Logs {
  readonly container: string;
  /** Oldest first. */
  readonly lines: readonly string[];
  /** The byte cap cut the oldest away. */
  readonly truncated: boolean;
}

export async function readLogs(connection: ClusterConnection, query: LogQuery): Promise<Result<Logs, Refusal>> {
  const { namespace, pod: name } = query;
  const path = objectPath(PODS, namespace, name);
  const pod = (await readObject(connection, path)) as Pod | null;
  if (pod === null) return refuse({ code: 'target.not_found', kind: 'Pod', namespace, name });
  const containers = containersOf(pod);
  const container = query.container ?? defaultContainer(pod, containers);
  if (!containers.includes(container)) return refuse({ code: 'target.container_unknown', container, containers });
  const newest = await newestBytes(connection, [...path, 'log'], { ...query, container });
  return pass({ container, ...linesOf(newest) });
}

const containersOf = ({ spec }: Pod): readonly string[] =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );

function defaultContainer(pod: Pod, containers: readonly string[]): string {
  const named = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  return named !== undefined && containers.includes(named) ? named : (containers[0] ?? '');
}

/**
 * `limitBytes` keeps the oldest bytes of the tail, so a tail that hits it is asked for again with fewer lines, until its newest end is
 * within. A container that has not started has no log: an empty one.
 */
async function newestBytes(
  connection: ClusterConnection,
  path: readonly string[],
  { container, previous, tailLines }: Required<Pick<LogQuery, 'container' | 'previous' | 'tailLines'>>,
): Promise<{ readonly bytes: Buffer; readonly cut: boolean }> {
  let lines = Math.min(Math.max(tailLines, 1), LOG_TAIL_LINES_MAX);
  for (;;) {
    const answer = await readRaw(connection, path, {
      container,
      tailLines: String(lines),
      limitBytes: String(LOG_FETCH_BYTES_MAX),
      ...(previous ? { previous: 'true' } : {}),
    });
    if (answer.kind !== 'found') return { bytes: Buffer.alloc(0), cut: false };
    const whole = answer.body.length < LOG_FETCH_BYTES_MAX;
    if (whole || lines === 1) return { bytes: answer.body, cut: !whole || lines < tailLines };
    lines = Math.max(1, Math.floor(lines / 4));
  }
}

function linesOf({ bytes, cut }: { readonly bytes: Buffer; readonly cut: boolean }): Pick<Logs, 'lines' | 'truncated'> {
  const capped = bytes.length > LOG_BYTES_MAX;
  const text = bytes.subarray(-LOG_BYTES_MAX).toString('utf8');
  const all = text.replace(/\n$/, '').split('\n');
  // The first of a capped text is half a line, and half a secret is seen by no pattern.
  const lines = capped && all.length > 1 ? all.slice(1) : all;
  return { lines: text === '' ? [] : redactLines(lines), truncated: capped || cut };
}

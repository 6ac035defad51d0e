import type { ServerResponse } from 'node:http';
import { isRecord, listAt, stringAt } from '../json/record.ts';
import { podLogFollowEveryMs, podLogMaxBytes } from '../limits.ts';
import type { Answer } from '../server/answer.ts';
import type { KubeObject } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import { logRefusal, type PodLogLine, podLogLines } from '../workloads/pod-log.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { existingObject } from './existing-object.ts';

/** GET /log: container, previous, tailLines, limitBytes, sinceSeconds, sinceTime, timestamps and follow. */
export function podLogs(context: ApiContext, request: ApiRequest): Answer {
  const { query, path } = request;
  const pod = existingObject(context.store, path);
  const container = wantedContainer(pod, query.get('container') ?? '');
  const previous = query.get('previous') === 'true';
  const refusal = logRefusal(pod, container, previous);
  if (refusal !== undefined) throw new StatusError('BadRequest', refusal);

  const now = context.clock();
  const since = sinceOf(query, now);
  const read = (until: Date) =>
    podLogLines(context.store, pod.metadata.namespace ?? '', pod.metadata.name, container, previous, until).filter(
      (line) => since === undefined || line.at >= since,
    );
  const timestamps = query.get('timestamps') === 'true';
  const text = (line: PodLogLine) =>
    `${timestamps ? `${line.at.toISOString().slice(0, -1)}000000Z ` : ''}${line.text}\n`;
  const all = read(now);
  const tail = countOf(query, 'tailLines');
  const shown = tail === undefined ? all : tail === 0 ? [] : all.slice(-tail);
  const limit = Math.min(countOf(query, 'limitBytes') ?? podLogMaxBytes, podLogMaxBytes);
  const body = cut(shown.map(text).join(''), limit);
  if (query.get('follow') !== 'true' || previous) return { type: 'text', code: 200, body };
  return {
    type: 'stream',
    start: (response) => follow(context, pod, response, { body, seen: all.length, read, text }),
  };
}

interface Following {
  readonly body: string;
  readonly seen: number;
  readonly read: (until: Date) => PodLogLine[];
  readonly text: (line: PodLogLine) => string;
}

/** Sends what there is and then what comes, until the pod is gone, the client leaves or the server stops. */
function follow(
  context: ApiContext,
  pod: KubeObject,
  response: ServerResponse,
  { body, seen, read, text }: Following,
): void {
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  response.write(body);
  let last = read(context.clock())[seen - 1]?.at ?? new Date(0);
  const timer = setInterval(() => {
    const now = context.store.get('pods', pod.metadata.namespace, pod.metadata.name);
    if (now?.metadata.uid !== pod.metadata.uid) {
      response.end();
      return;
    }
    const fresh = read(context.clock()).filter((line) => line.at > last);
    last = fresh.at(-1)?.at ?? last;
    if (fresh.length > 0) response.write(fresh.map(text).join(''));
  }, podLogFollowEveryMs);
  const end = () => response.end();
  context.stopping.addEventListener('abort', end);
  response.once('close', () => {
    clearInterval(timer);
    context.stopping.removeEventListener('abort', end);
  });
}

function wantedContainer(pod: KubeObject, given: string): string {
  if (given !== '') return given;
  const names = listAt(pod, 'spec', 'containers').flatMap((one) => (isRecord(one) ? [String(one.name)] : []));
  const annotated = stringAt(pod, 'metadata', 'annotations', 'kubectl.kubernetes.io/default-container');
  const chosen = annotated ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined) return chosen;
  const { name } = pod.metadata;
  throw new StatusError(
    'BadRequest',
    `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`,
  );
}

function countOf(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name);
  if (given === null || given === '') return undefined;
  if (!/^\d{1,12}$/.test(given)) throw new StatusError('BadRequest', `${name} must be a non-negative integer`);
  return Number(given);
}

function sinceOf(query: URLSearchParams, now: Date): Date | undefined {
  const seconds = countOf(query, 'sinceSeconds');
  if (seconds !== undefined) return new Date(now.getTime() - seconds * 1000);
  const time = query.get('sinceTime');
  if (time === null || time === '') return undefined;
  const parsed = new Date(time);
  if (Number.isNaN(parsed.getTime())) throw new StatusError('BadRequest', 'sinceTime must be a time of RFC 3339');
  return parsed;
}

/** The first bytes, never half a character. */
function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return new TextDecoder('utf-8').decode(bytes.subarray(0, maxBytes), { stream: true });
}

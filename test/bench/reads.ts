/** What reading costs: time over the raw request, bytes, and memory, with 500 and with 10,000 pods in a namespace. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ReadingEndpoint, startReadingEndpoint } from '../hostile/reads/reading-endpoint.ts';
import type { Figures } from './figures.ts';

const [FEW, MANY] = [500, 10_000];
const PAGE = 500;
const POD = 'bench-00007';

export async function benchReads(figures: Figures, runs: number): Promise<void> {
  const child = fork(new URL('cluster-process.ts', import.meta.url), [String(FEW), String(MANY)], {
    execArgv: ['--import', 'tsx'],
  });
  const [{ kubeconfig }] = (await once(child, 'message')) as [{ readonly kubeconfig: string }];
  const memory = liveMemory();
  const endpoint = await startReadingEndpoint(kubeconfig, () => memory.look());
  try {
    for (let at = 0; at < runs; at += 1) await oneRun(figures, endpoint);
    // Apart from the times: each look collects garbage.
    figures.size(
      `memory held at most: ${MANY} pods by list_k8s_resources, page by page`,
      await memory.peakOf(() => allPages(endpoint, 'shop', 'concise')),
    );
    const counted = () => answered(endpoint, 'get_cluster_health', { namespace: 'shop' });
    figures.size(`memory held at most: ${MANY} pods counted by get_cluster_health`, await memory.peakOf(counted));
    figures.size(
      `memory held at most: ${MANY} pods as other clients list them`,
      await memory.peakOf(() => rawBytes(endpoint, 'shop')),
    );
    figures.size(`bytes: ${MANY} pods, raw`, await rawBytes(endpoint, 'shop'));
  } finally {
    await endpoint.stop();
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }
}

async function oneRun(figures: Figures, endpoint: ReadingEndpoint): Promise<void> {
  const one = ['api', 'v1', 'namespaces', 'payments', 'pods', POD];
  await figures.measure('get a pod: the raw request', () => raw(endpoint, one));
  const get = { namespace: 'payments', kind: 'Pod', name: POD };
  await figures.measure('get a pod: get_k8s_resource', () => answered(endpoint, 'get_k8s_resource', get));
  await figures.measure('a call that asks no cluster: get_allowed_namespaces', () =>
    answered(endpoint, 'get_allowed_namespaces', {}),
  );
  const few = await figures.measure(`list ${FEW} pods: the raw request`, () => rawBytes(endpoint, 'payments'));
  figures.size(`bytes: ${FEW} pods, raw`, few);
  for (const detail of ['concise', 'detailed'] as const) {
    const pages = await figures.measure(`list ${FEW} pods: list_k8s_resources, ${detail}, all pages`, () =>
      allPages(endpoint, 'payments', detail),
    );
    figures.size(`bytes: ${FEW} pods, ${detail}, in ${pages.count} answers`, pages.bytes);
  }
  await figures.measure(`list ${MANY} pods: the first page of ${PAGE}, concise`, () =>
    answered(endpoint, 'list_k8s_resources', { namespace: 'shop', kind: 'Pod', limit: PAGE }),
  );
  const many = await figures.measure(`list ${MANY} pods: list_k8s_resources, concise, all pages`, () =>
    allPages(endpoint, 'shop', 'concise'),
  );
  figures.size(`bytes: ${MANY} pods, concise, in ${many.count} answers`, many.bytes);
  await figures.measure(`count ${MANY} pods: get_cluster_health`, () =>
    answered(endpoint, 'get_cluster_health', { namespace: 'shop' }),
  );
}

async function raw({ reader }: ReadingEndpoint, path: readonly string[]): Promise<number> {
  const answer = await reader.send({ method: 'GET', path, repeatable: true });
  if (answer.kind !== 'answered' || answer.status !== 200) throw new Error('the cluster did not answer');
  JSON.parse(answer.body.toString('utf8'));
  return answer.body.length;
}

/** Page by page as other clients do, all of it held. */
async function rawBytes({ reader }: ReadingEndpoint, namespace: string): Promise<number> {
  const held: unknown[] = [];
  let bytes = 0;
  let token: string | undefined;
  do {
    const answer = await reader.send({
      method: 'GET',
      path: ['api', 'v1', 'namespaces', namespace, 'pods'],
      query: { limit: String(PAGE), continue: token },
      repeatable: true,
    });
    if (answer.kind !== 'answered' || answer.status !== 200) throw new Error('the cluster did not answer');
    const list = JSON.parse(answer.body.toString('utf8'));
    held.push(...list.items);
    bytes += answer.body.length;
    token = list.metadata.continue;
  } while (token !== undefined && token !== '');
  return held.length === 0 ? 0 : bytes;
}

/** The text that a model would get: of each answer the structured content, once. */
async function allPages(
  endpoint: ReadingEndpoint,
  namespace: string,
  detail: string,
): Promise<{ readonly count: number; readonly bytes: number }> {
  let count = 0;
  let bytes = 0;
  let token: string | undefined;
  do {
    const next = token === undefined ? {} : { continue: token };
    const answer = await answered(endpoint, 'list_k8s_resources', {
      namespace,
      kind: 'Pod',
      limit: PAGE,
      detail,
      ...next,
    });
    count += 1;
    bytes += Buffer.byteLength(JSON.stringify(answer));
    token = answer.continue ?? undefined;
  } while (token !== undefined);
  return { count, bytes };
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the tool promised
async function answered(endpoint: ReadingEndpoint, tool: string, input: object): Promise<any> {
  const { answer, code } = await endpoint.call(tool, input);
  if (code !== undefined) throw new Error(`${tool}: ${code}`);
  return answer;
}

/** What is really held while something runs: garbage is collected before each look, at every answer of the API server. */
function liveMemory(): { look(): void; peakOf(what: () => Promise<unknown>): Promise<number> } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  let peak: number | undefined;
  const look = (): void => {
    if (peak !== undefined) peak = Math.max(peak, held());
  };
  return {
    look,
    peakOf: async (what) => {
      const before = held();
      peak = before;
      await what();
      const most = peak;
      peak = undefined;
      return most - before;
    },
  };
}

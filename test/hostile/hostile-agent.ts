/** An agent that means harm, at the running system's real endpoint, and what it must not have left behind: no plan, no change of any object. */
import { clientToken } from '../journeys/parts/agent.ts';
import { clusterAs } from '../journeys/parts/cluster-user.ts';
import type { RunningSystem } from '../journeys/parts/running-system.ts';

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** Of a refusal, wherever it stands; undefined where something was answered. */
  readonly code: string | undefined;
}

export interface HostileAgent {
  /** tools/call as raw JSON-RPC: no SDK stands between the input and the endpoint. */
  tool(name: string, args: unknown): Promise<Answered>;
  /** The same with the arguments as JSON text: what is too deep for a serialiser. */
  toolText(name: string, args: string): Promise<Answered>;
  rest(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Ids of the plans that it may see. */
  plans(): Promise<readonly string[]>;
  /** Deployments, Services and ConfigMaps of several namespaces: uid and what was asked of them, whoever wrote it. */
  objects(): Promise<string>;
}

const LISTED = ['apis/apps/v1/%/deployments', 'api/v1/%/services', 'api/v1/%/configmaps'];

/** Below the budget of a minute: a test of refusals must not be answered by the budget. */
const CALLS_A_WINDOW = 400;
const WINDOW_SECONDS = 60;

export async function hostileAgent(system: RunningSystem): Promise<HostileAgent> {
  const { ready } = system;
  let calls = 0;
  const token = await clientToken(ready, 'agent');
  const origin = new URL(ready.mcpUrl).origin;
  const send = async (
    method: string,
    url: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answered> => {
    calls += 1;
    if (calls % CALLS_A_WINDOW === 0) await system.advanceClock(WINDOW_SECONDS);
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json, text/event-stream',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, code: codeIn(text) };
  };
  const toolText: HostileAgent['toolText'] = (name, args) => {
    const params = `{"name":${JSON.stringify(name)},"arguments":${args}}`;
    return send('POST', ready.mcpUrl, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`, {});
  };
  const tool: HostileAgent['tool'] = (name, args) => toolText(name, JSON.stringify(args));
  return {
    tool,
    toolText,
    rest: (method, path, body, headers = {}) => send(method, `${origin}${path}`, body, headers),
    plans: async () => {
      const { text } = await tool('get_pending_approvals', {});
      const { plans } = JSON.parse(text).result.structuredContent as { plans: { planId: string }[] };
      return plans.map(({ planId }) => planId).sort();
    },
    objects: async () => {
      const user = clusterAs(ready);
      const lists = await Promise.all(
        LISTED.flatMap((path) =>
          ['shop', 'payments', 'kube-system', 'default'].map((namespace) =>
            user.send('GET', `/${path.replace('%', `namespaces/${namespace}`)}`),
          ),
        ),
      );
      const found = lists.flatMap(({ body }) =>
        (body.items ?? []).map((item: { metadata: { uid: string }; spec?: unknown; data?: unknown }) => [
          item.metadata.uid,
          item.spec ?? item.data ?? null,
        ]),
      );
      if (found.length === 0) throw new Error('a comparison of nothing proves nothing');
      return JSON.stringify(found);
    },
  };
}

/** `error.code` of a REST answer, `error.data.code` of the edge, or the JSON text of an isError result. */
function codeIn(text: string): string | undefined {
  const { error, result } = JSON.parse(text === '' ? '{}' : text);
  if (error !== undefined) return error.data?.code ?? String(error.code);
  return result?.isError === true ? JSON.parse(result.content[0].text).code : undefined;
}

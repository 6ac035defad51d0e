/**
 * Every reading tool, whichever there are, against the same attacks. The tools come from tools/list: a new one is attacked without a line
 * here, and one with an argument that nothing fills in fails until it is said below what fits it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CANARY, PLANTED, PLANTED_KINDS, plant, plantMany } from './planted-objects.ts';
import { type ListedTool, type ReadingEndpoint, startCluster, startReadingEndpoint } from './reading-endpoint.ts';

let endpoint: ReadingEndpoint;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let tools: readonly ListedTool[];
beforeAll(async () => {
  cluster = await startCluster();
  plant(cluster.sandbox);
  plantMany(cluster.sandbox, 300);
  await cluster.sandbox.settled();
  endpoint = await startReadingEndpoint(cluster.sandbox.kubeconfig('reader'));
  // Those that need no more than the right to read; plans have tests of their own.
  tools = (await endpoint.tools()).filter(({ annotations }) => annotations.readOnlyHint);
});
afterAll(async () => {
  await endpoint.stop();
  await cluster.stop();
});

/** Thousands of calls, on a machine that may have other work. */
const PATIENCE_MS = 240_000;

type Input = Readonly<Record<string, unknown>>;
const PLAN = `pln_${'a'.repeat(22)}`;

/** Values for each argument of a reading tool. Several: each is tried. */
const FITTING: Readonly<Record<string, readonly unknown[]>> = {
  namespace: ['shop'],
  name: [PLANTED],
  podName: [PLANTED],
  container: ['app'],
  kind: PLANTED_KINDS,
  planId: [PLAN],
  labelSelector: ['app=planted'],
  fieldSelector: ['metadata.name=planted'],
  apiGroup: [],
  continue: [],
  detail: ['concise', 'detailed'],
  output: ['summary', 'yaml', 'describe'],
  operation: ['read', 'scale'],
  previous: [false],
  tailLines: [100],
  offset: [0],
  nodeLimit: [1],
  namespaced: [true],
  verbs: [['list']],
  severity: [],
  includeResolved: [true],
  excludeEventTypes: [[]],
  status: [],
  timeoutSeconds: [1],
};

/** Every combination of the values that fit; selectors only where asked for: they would narrow the attack. */
function inputsOf(tool: ListedTool): readonly Input[] {
  const { properties, required = [] } = tool.inputSchema;
  let inputs: Input[] = [{}];
  for (const [name, { enum: allowed, maximum }] of Object.entries(properties)) {
    // As much as it gives.
    const fitting = name === 'limit' ? [maximum] : FITTING[name];
    if (fitting === undefined) throw new Error(`say in FITTING what fits ${tool.name}'s argument ${name}`);
    const values = allowed === undefined ? fitting : fitting.filter((value) => allowed.includes(String(value)));
    const tried = allowed !== undefined && values.length === 0 && required.includes(name) ? allowed : values;
    if (/Selector$/.test(name) || tried.length === 0) continue;
    inputs = inputs.flatMap((input) => tried.map((value) => ({ ...input, [name]: value })));
  }
  return inputs;
}

const HOSTILE = [
  '--server=https://127.0.0.1:19012',
  '-shttps://x',
  '-Ashttp://x',
  '-Aws=https://x',
  '--insecure_skip_tls_verify=true',
  '--as=system:admin',
  '--kubeconfig=/tmp/evil',
  '--all-namespaces',
  'pod-x --address=0.0.0.0',
  'shop; id',
  '$(touch /tmp/pwned)',
  '`id`',
  'a|b',
  'a\nb',
  '../kube-system',
  'x/../../secrets/y',
  'x%2f..',
  'x?fieldSelector=a',
  'x#y',
  '@/etc/passwd',
  'file:///etc/passwd',
  '\u0000',
  'sh\u200bop',
  'ｓｈｏｐ',
  '{"a":1}',
];

test('there are reading tools, and each has something that fits it', () => {
  expect(tools.length).toBeGreaterThanOrEqual(20);
  for (const tool of tools) expect(inputsOf(tool).length).toBeGreaterThan(0);
});

/** What one answer may weigh as a whole: structured and as text. Clients cut what is far longer. */
const ANSWER_CHARACTERS_MAX = 250_000;

describe('a value that nobody may be shown', () => {
  test(
    'is in no answer of any reading tool, in whatever form it is asked for; no answer is too long; no Secret is asked for',
    async () => {
      const answered = new Set<string>();
      endpoint.sent.length = 0;
      for (const tool of tools) {
        for (const input of inputsOf(tool)) {
          const { text, code, status } = await endpoint.call(tool.name, input);
          const seen = { shown: text.includes(CANARY), long: text.length > ANSWER_CHARACTERS_MAX };
          expect([tool.name, input, status, seen]).toEqual([tool.name, input, 200, { shown: false, long: false }]);
          if (code === undefined) answered.add(tool.name);
        }
      }
      // A refusal proves nothing: each tool has answered at least once, but for those that ask for a plan.
      const silent = tools.filter(
        ({ name, inputSchema }) => !answered.has(name) && !('planId' in inputSchema.properties),
      );
      expect(silent.map(({ name }) => name)).toEqual([]);
      expect(endpoint.sent.length).toBeGreaterThan(100);
      expect(endpoint.sent.filter((line) => line.includes('secrets'))).toEqual([]);
      const review = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      expect(endpoint.sent.filter((line) => !line.startsWith('GET ') && line !== review)).toEqual([]);
    },
    PATIENCE_MS,
  );

  test('is what was planted: the cluster itself would show it', () => {
    const pod = cluster.sandbox.store.get('pods', 'shop', PLANTED);
    expect(JSON.stringify(pod)).toContain(`${CANARY}-env`);
  });
});

describe('a namespace without a binding', () => {
  test.each(['kube-system', 'internal-admin', 'default', 'countersign-system'])(
    'such as %s is refused by every tool that takes one, and nothing is sent',
    async (namespace) => {
      for (const tool of tools.filter(({ inputSchema }) => 'namespace' in inputSchema.properties)) {
        const [input = {}] = inputsOf(tool);
        endpoint.sent.length = 0;
        const { code, answer } = await endpoint.call(tool.name, { ...input, namespace });
        // can_i is asked exactly this, and says no.
        const no = code === 'access.not_bound' || answer?.allowed === false;
        expect([tool.name, no, endpoint.sent]).toEqual([tool.name, true, []]);
      }
    },
  );
});

describe('an argument that is no such thing', () => {
  test(
    'is refused in every slot of text, and nothing is sent',
    async () => {
      for (const tool of tools) {
        const [input = {}] = inputsOf(tool);
        const slots = Object.entries(tool.inputSchema.properties).filter(([, { type }]) => type === 'string');
        for (const [slot] of slots) {
          endpoint.sent.length = 0;
          for (const text of HOSTILE) {
            const { code } = await endpoint.call(tool.name, { ...input, [slot]: text });
            expect([tool.name, slot, text, code]).toEqual([tool.name, slot, text, 'request.invalid']);
          }
          expect([tool.name, slot, endpoint.sent]).toEqual([tool.name, slot, []]);
        }
      }
    },
    PATIENCE_MS,
  );

  test(
    'is refused in every slot of a number, a list or a truth value',
    async () => {
      for (const tool of tools) {
        const [input = {}] = inputsOf(tool);
        const slots = Object.entries(tool.inputSchema.properties).filter(([, { type }]) => type !== 'string');
        endpoint.sent.length = 0;
        for (const [slot] of slots) {
          for (const value of [-1, 1.5, 1e9, '5', null, {}, [[]], 'true', Array.from({ length: 1_000 }, () => 'get')]) {
            const { code } = await endpoint.call(tool.name, { ...input, [slot]: value });
            expect([tool.name, slot, value, code]).toEqual([tool.name, slot, value, 'request.invalid']);
          }
        }
        const { code } = await endpoint.call(tool.name, { ...input, allNamespaces: true });
        expect([tool.name, code]).toEqual([tool.name, 'request.invalid']);
        expect(endpoint.sent).toEqual([]);
      }
    },
    PATIENCE_MS,
  );

  test('of two megabytes is refused before it is a name', async () => {
    for (const tool of tools) {
      const [input = {}] = inputsOf(tool);
      const [slot] = Object.entries(tool.inputSchema.properties).find(([, { type }]) => type === 'string') ?? [];
      if (slot === undefined) continue;
      endpoint.sent.length = 0;
      const { status, code } = await endpoint.call(tool.name, { ...input, [slot]: 'a'.repeat(2_000_000) });
      expect([tool.name, status, code]).toEqual([tool.name, 413, 'request.too_large']);
      expect(endpoint.sent).toEqual([]);
    }
  });
});

describe('a Secret', () => {
  const NAMES = [
    'Secret',
    'secret',
    'secrets',
    'SECRET',
    'secrets.v1',
    'secrets.v1.',
    'secret/planted',
    'pods,secrets',
    'secrets,pods',
    'v1/Secret',
    'secrets/planted',
    'secret.x',
  ];
  test.each(NAMES)('is not read as %s by any tool that takes a kind, and nothing is sent', async (kind) => {
    for (const tool of tools.filter(({ inputSchema }) => 'kind' in inputSchema.properties)) {
      const [input = {}] = inputsOf(tool);
      endpoint.sent.length = 0;
      const { code, answer } = await endpoint.call(tool.name, { ...input, kind });
      const no = ['access.kind_denied', 'request.invalid'].includes(code ?? '') || answer?.allowed === false;
      expect([tool.name, no, endpoint.sent]).toEqual([tool.name, true, []]);
    }
  });

  test('cannot be had by naming it as the group or the name of something else', async () => {
    for (const input of [
      { kind: 'Pod', apiGroup: 'secrets' },
      { kind: 'ConfigMap', apiGroup: '', name: 'shop-credentials' },
      { kind: 'pods.secrets' },
    ]) {
      const { code, text } = await endpoint.call('get_k8s_resource', { namespace: 'shop', name: PLANTED, ...input });
      expect(code).toMatch(/^target\./);
      expect(text).not.toContain(CANARY);
    }
  });
});

describe('a list', () => {
  test('that is continued elsewhere is refused, and no list is sent', async () => {
    const first = await endpoint.call('list_k8s_resources', { kind: 'Pod', namespace: 'shop', limit: 1 });
    const token = first.answer.continue as string;
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    endpoint.sent.length = 0;
    for (const other of [
      { namespace: 'payments' },
      { kind: 'Service' },
      { kind: 'ConfigMap' },
      { labelSelector: 'app=x' },
    ]) {
      const input = { kind: 'Pod', namespace: 'shop', limit: 1, ...other, continue: token };
      expect((await endpoint.call('list_k8s_resources', input)).code).toBe('request.invalid');
    }
    expect(endpoint.sent.filter((line) => line.includes('/namespaces/'))).toEqual([]);
  });

  test('of more than fits says what is left, and every page stays within its size', async () => {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const input = {
        kind: 'Pod',
        namespace: 'shop',
        labelSelector: 'app=planted',
        limit: 500,
        detail: 'detailed',
        ...(token === undefined ? {} : { continue: token }),
      };
      const { answer, text } = await endpoint.call('list_k8s_resources', input);
      expect(text.length).toBeLessThan(ANSWER_CHARACTERS_MAX);
      names.push(...answer.untrusted.items.map(({ name }: { readonly name: string }) => name));
      token = answer.continue ?? undefined;
      if (token !== undefined) expect(answer.more).toContain(`continue with ${token}`);
    } while (token !== undefined);
    expect(names.filter((name) => name.startsWith('many-'))).toHaveLength(300);
    expect(new Set(names).size).toBe(names.length);
  });
});

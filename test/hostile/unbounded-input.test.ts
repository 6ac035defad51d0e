/** Input without bounds: refused by size, depth, number or form, in time, and with the endpoint still answering afterwards. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningSystem, startSystem } from '../journeys/parts/running-system.ts';
import { type HostileAgent, hostileAgent } from './hostile-agent.ts';

let system: RunningSystem;
let agent: HostileAgent;
let before: { readonly plans: readonly string[]; readonly objects: string };

beforeAll(async () => {
  system = await startSystem();
  agent = await hostileAgent(system);
  before = { plans: await agent.plans(), objects: await agent.objects() };
});
afterAll(async () => {
  await system?.dispose();
});

const ANSWER_WITHIN_MS = 5_000;
/** Stands for a value 5,000 levels deep, which is put in as text. */
const DEEP = 'five thousand levels';
const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
const configMap = (data: unknown): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', namespace: 'shop' },
  data,
});
const keys = (count: number): unknown => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, '']));
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`).join('\n')}\n`;

const apply = (manifest: unknown) => ['request_apply_manifest', { manifest, namespace: 'shop', reason: 'x' }] as const;
const CASES: readonly (readonly [string, readonly [string, unknown], readonly string[]])[] = [
  [
    'a bomb of YAML aliases',
    apply(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n${bomb}`),
    ['request.invalid'],
  ],
  ['brackets without end in YAML', apply('['.repeat(100_000)), ['request.invalid']],
  [
    'indentation without end in YAML',
    apply(Array.from({ length: 600 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')),
    ['request.invalid'],
  ],
  ['a YAML text of 200 KB', apply(`a: ${'x'.repeat(210_000)}`), ['request.invalid']],
  ['a manifest of 10^5 keys', apply(configMap(keys(100_000))), ['request.too_large']],
  ['a manifest of 25,000 keys', apply(configMap(keys(25_000))), ['request.invalid', 'request.too_large']],
  ['a manifest 5,000 levels deep', apply(configMap(DEEP)), ['request.invalid']],
  [
    'a patch 5,000 levels deep',
    [
      'request_patch_resource',
      { namespace: 'shop', kind: 'Deployment', name: 'api', patchType: 'merge', patch: DEEP, reason: 'x' },
    ],
    ['request.invalid'],
  ],
  [
    'a step 5,000 levels deep',
    [
      'request_change',
      {
        reason: 'x',
        changes: [
          {
            kind: 'ConfigMap',
            namespace: 'shop',
            name: 'x',
            operation: { type: 'apply', manifest: configMap(DEEP) },
          },
        ],
      },
    ],
    ['request.invalid'],
  ],
  [
    'a name of 2 MB',
    ['request_restart_deployment', { namespace: 'shop', name: 'x'.repeat(2_000_000), reason: 'x' }],
    ['request.too_large'],
  ],
  [
    'a name of 200 KB',
    ['request_restart_deployment', { namespace: 'shop', name: 'x'.repeat(200_000), reason: 'x' }],
    ['request.invalid'],
  ],
  [
    'a reason of 1 MB',
    ['request_restart_deployment', { namespace: 'shop', name: 'api', reason: 'x'.repeat(1_048_576) }],
    ['request.too_large'],
  ],
  [
    'a command of 200 KB',
    ['execute_kubectl', { command: `kubectl delete pod ${'x'.repeat(200_000)}` }],
    ['request.invalid'],
  ],
  [
    '10,000 commands',
    ['propose_remediation', { action: 'x', commands: Array(10_000).fill('kubectl get x') }],
    ['request.invalid'],
  ],
  [
    '1,000 steps',
    [
      'request_change',
      {
        reason: 'x',
        changes: Array.from({ length: 1_000 }, (_, at) => ({
          kind: 'Pod',
          namespace: 'shop',
          name: `p${at}`,
          operation: { type: 'delete' },
        })),
      },
    ],
    ['request.invalid'],
  ],
  [
    '1,000 names in a command',
    ['execute_kubectl', { command: `kubectl delete pod ${Array(1_000).fill('x').join(' ')} -n shop` }],
    ['request.not_understood'],
  ],
  [
    '10,000 labels',
    [
      'request_label_resource',
      { namespace: 'shop', kind: 'Deployment', name: 'api', labels: keys(10_000), reason: 'x' },
    ],
    ['request.invalid'],
  ],
  [
    'an annotation of 100 KB',
    [
      'request_annotate_resource',
      { namespace: 'shop', kind: 'Deployment', name: 'api', annotations: { a: 'x'.repeat(100_000) }, reason: 'x' },
    ],
    ['request.invalid'],
  ],
];

it.each(CASES)('%s is refused in time', async (_title, [name, args], codes) => {
  const begun = performance.now();
  const { code } = await agent.toolText(name, JSON.stringify(args).replace(JSON.stringify(DEEP), deep));
  expect(codes).toContain(code);
  expect(performance.now() - begun).toBeLessThan(ANSWER_WITHIN_MS);
});

it('the same by REST is a 413 or 400', async () => {
  for (const [body, status] of [
    ['x'.repeat(2_000_000), 413],
    [`{"action":"x","commands":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
    [{ action: 'x'.repeat(10_000), commands: ['kubectl get pods'] }, 400],
    [{ changes: Array(1_000).fill({}), reason: 'x' }, 400],
  ] as const)
    expect((await agent.rest('POST', '/api/plans', body)).status).toBe(status);
});

it('afterwards the endpoint answers, and nothing was planned or changed', async () => {
  expect(await agent.plans()).toEqual(before.plans);
  expect(await agent.objects()).toBe(before.objects);
});

/** The parser under texts that nobody thought of: it never throws, never makes a change of what a shell would act on, and reads back what it should. */
import { changeRequests } from '@countersign/approvals';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommand } from './parse-command.ts';

const RUNS = { numRuns: 1_500 };
const change = (command: string, namespace?: string) => {
  const parsed = parseCommand({ command, namespace });
  return parsed.ok && parsed.value.understood.does === 'change' ? parsed.value.understood.changes : undefined;
};

const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
const verb = fc.constantFrom(
  'scale',
  'delete',
  'label',
  'annotate',
  'patch',
  'apply',
  'rollout',
  'set',
  'get',
  'logs',
  'exec',
);
const piece = fc.oneof(
  verb,
  name,
  fc.constantFrom(
    'kubectl',
    'deploy',
    'pod/x',
    'svc/y',
    '-n',
    '-nshop',
    '--namespace=shop',
    '--replicas=3',
    '--all',
    '-A',
    '-f',
    '-',
    '--',
    '-p',
    "'",
    '"',
    '{}',
    'a=b',
    'c-',
    'restart',
    'image',
    '--type=json',
    '=',
    '--=',
    '-=',
    '---',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const text = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(' '));

test('it never throws, and what it makes of a text is a valid plan of at most 20 steps', () => {
  fc.assert(
    fc.property(
      fc.oneof(text, fc.string({ unit: 'binary', maxLength: 200 })),
      fc.option(fc.string(), { nil: undefined }),
      (command, namespace) => {
        const parsed = parseCommand({ command, namespace });
        if (!parsed.ok) return parsed.refusal.why !== '' && /^[A-Z].*\.$|…$/s.test(parsed.refusal.instead);
        // Values of labels are judged where the plan is asked for; everything else here.
        return parsed.value.understood.does === 'read' || parsed.value.understood.changes.length <= 20;
      },
    ),
    { ...RUNS, numRuns: 5_000 },
  );
});

const SHELL = [';', '|', '&', '<', '>', '$', '`', '\n', '\r', '\u0000', '$(', '&&', '||', '\u202e', 'а'];
/** Valid commands of every form, with the steps that they mean. */
const valid = fc.oneof(
  fc
    .record({
      type: fc.constantFrom('deploy', 'deployment', 'deployments', 'deployments.apps'),
      names: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
      namespace: name,
      replicas: fc.nat(1_000),
    })
    .map(({ type, names, namespace, replicas }) => ({
      words: ['scale', type, ...names],
      flags: [
        ['--namespace', namespace],
        ['--replicas', String(replicas)],
      ],
      steps: names.map((of) => ({ kind: 'Deployment', namespace, name: of, operation: { type: 'scale', replicas } })),
    })),
  fc
    .record({
      names: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
      namespace: name,
      grace: fc.integer({ min: 1, max: 3_600 }),
    })
    .map(({ names, namespace, grace }) => ({
      words: ['delete', ...names.map((of) => `pod/${of}`)],
      flags: [
        ['--namespace', namespace],
        ['--grace-period', String(grace)],
        ['--cascade', 'foreground'],
      ],
      steps: names.map((of) => ({
        kind: 'Pod',
        namespace,
        name: of,
        operation: { type: 'delete', propagation: 'Foreground', gracePeriodSeconds: grace },
      })),
    })),
  fc
    .record({
      of: name,
      namespace: name,
      value: fc.dictionary(name, fc.oneof(fc.boolean(), fc.integer(), name), { minKeys: 1 }),
    })
    .map(({ of, namespace, value }) => ({
      words: ['patch', 'sts', of],
      flags: [
        ['--namespace', namespace],
        ['--type', 'merge'],
        ['--patch', `'${JSON.stringify({ spec: value })}'`],
      ],
      steps: [
        {
          kind: 'StatefulSet',
          namespace,
          name: of,
          operation: { type: 'patch', patchType: 'merge', patch: { spec: value } },
        },
      ],
    })),
  fc.record({ of: name, namespace: name, container: name, image: name }).map(({ of, namespace, container, image }) => ({
    words: ['set', 'image', `ds/${of}`, `${container}=${image}:1`],
    flags: [['--namespace', namespace]],
    steps: [
      { kind: 'DaemonSet', namespace, name: of, operation: { type: 'set-image', container, image: `${image}:1` } },
    ],
  })),
);
/** The flags of a command in some order, each in one of its spellings, some before the names. */
const spelled = valid.chain((command) =>
  fc.record({
    command: fc.constant(command),
    order: fc.shuffledSubarray(command.flags, { minLength: command.flags.length, maxLength: command.flags.length }),
    equals: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    at: fc.nat(command.words.length - 1),
    prefix: fc.boolean(),
  }),
);
const textOf = ({
  command,
  order,
  equals,
  at,
  prefix,
}: typeof spelled extends fc.Arbitrary<infer T> ? T : never): string => {
  const flags = order.map(([flag, value], index) => (equals[index] ? `${flag}=${value}` : `${flag} ${value}`));
  // A family's second word stays beside its first.
  const place = command.words[0] === 'set' ? Math.max(2, at + 1) : at + 1;
  return [
    ...(prefix ? ['kubectl'] : []),
    ...command.words.slice(0, place),
    ...flags,
    ...command.words.slice(place),
  ].join(' ');
};

test('a valid command is read back whole, whatever the order and spelling of its flags', () => {
  fc.assert(
    fc.property(spelled, (one) => {
      const steps = change(textOf(one));
      expect(steps).toEqual(one.command.steps);
      expect(changeRequests.safeParse(steps).success).toBe(true);
    }),
    RUNS,
  );
});

test('with what only a shell acts on anywhere in it, a valid command is no change', () => {
  fc.assert(
    fc.property(spelled, fc.constantFrom(...SHELL), fc.nat(), (one, hostile, at) => {
      const whole = textOf(one);
      const place = at % (whole.length + 1);
      expect(change(`${whole.slice(0, place)}${hostile}${whole.slice(place)}`)).toBeUndefined();
    }),
    RUNS,
  );
});

test('with another flag, a valid command is no change', () => {
  const flags = [
    '--all',
    '--force',
    '--server=https://x',
    '-shttps://x',
    '--kubeconfig=/x',
    '--as=a',
    '-A',
    '--dry-run=none',
    '--unknown',
    '-z',
    '--',
    '--namespace=twice',
    '-ntwice',
  ];
  fc.assert(
    fc.property(spelled, fc.constantFrom(...flags), fc.boolean(), (one, flag, first) => {
      const whole = textOf(one);
      expect(change(first ? `${flag} ${whole}` : `${whole} ${flag}`)).toBeUndefined();
    }),
    RUNS,
  );
});

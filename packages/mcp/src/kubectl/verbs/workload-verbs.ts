/** scale, rollout restart|undo|pause|resume, set image|resources. */
import type { ChangeRequest } from '@countersign/approvals';
import { REPLICAS_MAX } from '../../limits.ts';
import { containerName, image, ROLLED_KINDS, SCALED_KINDS } from '../../tools/fields.ts';
import { NotUnderstood } from '../not-understood.ts';
import { changesOf, type Verb, wholeNumber } from '../verb.ts';

type Operation = ChangeRequest['operation'];
const REVISION_MAX = 1_000_000;

export const scale: Verb = {
  flags: [{ name: 'replicas', value: true }],
  read: ({ words, flags, namespace }) => {
    const replicas = wholeNumber('replicas', flags.get('replicas'), 0, REPLICAS_MAX);
    return changesOf(words, namespace, { type: 'scale', replicas }, SCALED_KINDS);
  },
};

export const rolloutRestart: Verb = {
  flags: [],
  read: ({ words, namespace }) => changesOf(words, namespace, { type: 'restart' }, ROLLED_KINDS),
};

export const rolloutUndo: Verb = {
  flags: [{ name: 'to-revision', value: true }],
  read: ({ words, flags, namespace }) => {
    const asked = flags.get('to-revision');
    // 0 is kubectl's word for "the one before".
    const revision = asked === undefined ? 0 : wholeNumber('to-revision', asked, 0, REVISION_MAX);
    return changesOf(words, namespace, { type: 'rollback', revision: revision === 0 ? null : revision }, ROLLED_KINDS);
  },
};

const paused = (value: boolean): Verb => ({
  flags: [],
  read: ({ words, namespace }) => {
    const operation: Operation = { type: 'patch', patchType: 'merge', patch: { spec: { paused: value } } };
    return changesOf(words, namespace, operation, ['Deployment']);
  },
});
export const rolloutPause = paused(true);
export const rolloutResume = paused(false);

export const setImage: Verb = {
  flags: [],
  read: ({ words, namespace }) => {
    const pairs = words.filter((word) => word.includes('=')).map(imagePair);
    const [first] = pairs;
    if (first === undefined)
      throw new NotUnderstood('it names no CONTAINER=IMAGE', 'Name each container with its image.');
    once(pairs.map(({ name }) => name));
    // One container: the operation that insists on an existing one. Several: one step, because an object has one step in a plan.
    const operation: Operation =
      pairs.length === 1
        ? { type: 'set-image', container: first.name, image: first.image }
        : containersPatch(pairs.map(({ name, image: to }) => ({ name, image: to })));
    return changesOf(
      words.filter((word) => !word.includes('=')),
      namespace,
      operation,
      ROLLED_KINDS,
    );
  },
};

export const setResources: Verb = {
  flags: [
    { name: 'containers', short: 'c', value: true },
    { name: 'limits', value: true },
    { name: 'requests', value: true },
  ],
  read: ({ words, flags, namespace }) => {
    const names = (flags.get('containers') ?? '').split(',').filter((name) => name !== '');
    if (names.length === 0)
      throw new NotUnderstood('it names no container', 'Name the containers with --containers=NAME.');
    once(names);
    const resources = Object.fromEntries(
      (['limits', 'requests'] as const).flatMap((which) => {
        const asked = flags.get(which);
        return asked === undefined ? [] : [[which, quantities(which, asked)] as const];
      }),
    );
    if (Object.keys(resources).length === 0)
      throw new NotUnderstood(
        'it sets neither limits nor requests',
        'Give --limits=cpu=200m,memory=512Mi or --requests=…',
      );
    const containers = names.map((name) => ({ name: checkedContainer(name), resources }));
    return changesOf(words, namespace, containersPatch(containers), ROLLED_KINDS);
  },
};

const containersPatch = (
  containers: readonly { readonly name: string; readonly [field: string]: string | object }[],
): Operation =>
  ({
    type: 'patch',
    patchType: 'strategic',
    patch: { spec: { template: { spec: { containers } } } },
  }) as Operation;

function imagePair(word: string): { readonly name: string; readonly image: string } {
  const equals = word.indexOf('=');
  const to = word.slice(equals + 1);
  if (!image.safeParse(to).success)
    throw new NotUnderstood('an image is no image reference', 'Write registry/name:tag or registry/name@sha256:…');
  return { name: checkedContainer(word.slice(0, equals)), image: to };
}

function checkedContainer(name: string): string {
  if (containerName.safeParse(name).success) return name;
  throw new NotUnderstood('a container name is none (RFC 1123 label)', 'Name a container of the workload.');
}

function quantities(flag: string, text: string): Readonly<Record<string, string>> {
  const pairs = text
    .split(',')
    .map((pair) => pair.match(/^([a-z][a-z0-9.-]{0,62}(?:\/[a-z0-9.-]{1,62})?)=([0-9]+(?:\.[0-9]+)?[A-Za-z]{0,2})$/));
  if (pairs.some((pair) => pair === null))
    throw new NotUnderstood(`--${flag} is no list of quantities`, `Write --${flag}=cpu=200m,memory=512Mi.`);
  const entries = pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''] as const);
  once(entries.map(([name]) => name));
  return Object.fromEntries(entries);
}

function once(names: readonly string[]): void {
  if (new Set(names).size < names.length) throw new NotUnderstood('it names one thing twice', 'Name it once.');
}

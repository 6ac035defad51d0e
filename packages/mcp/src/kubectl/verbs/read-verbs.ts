/** get, describe, logs, events, api-resources, rollout status|history, auth can-i: each is one call of a reading tool. */
import { LOG_LINES_MAX } from '../../limits.ts';
import type { Flag } from '../flags.ts';
import { type KnownKind, knownKind, refuseSecrets } from '../kinds.ts';
import { NotUnderstood } from '../not-understood.ts';
import { type NamedObject, objectsOf } from '../objects.ts';
import { type ReadTool, type Understood, type Verb, wholeNumber } from '../verb.ts';

const SELECTOR: Flag = { name: 'selector', short: 'l', value: true };
const FIELD_SELECTOR: Flag = { name: 'field-selector', value: true };
const OUTPUT: Flag = { name: 'output', short: 'o', value: true };

const reading = (tool: ReadTool, input: { readonly [name: string]: unknown }): Understood => ({
  does: 'read',
  tool,
  // A tool refuses a property that is there and holds nothing.
  input: Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
});

export const get: Verb = {
  flags: [SELECTOR, FIELD_SELECTOR, OUTPUT],
  read: ({ words, flags, namespace }) => {
    const output = outputOf(flags.get('output'));
    const labelSelector = flags.get('selector');
    const fieldSelector = flags.get('field-selector');
    const [type = '', ...names] = words;
    if (words.length === 1 && !type.includes('/')) {
      if (type === 'all') return reading('get_k8s_status', { namespace, labelSelector });
      const found = readableKind(type);
      if (found.known?.kind === 'Event') return reading('get_k8s_events', { namespace, labelSelector, fieldSelector });
      if (found.known?.kind === 'Namespace') return reading('get_allowed_namespaces', {});
      const detail = output === 'wide' ? 'detailed' : 'concise';
      return reading('list_k8s_resources', { ...found.input(namespace), labelSelector, fieldSelector, detail });
    }
    if (labelSelector !== undefined || fieldSelector !== undefined)
      throw new NotUnderstood('it names an object and a selector', 'Give one of them.');
    if (names.length > 0 && words.some((word) => word.includes(','))) throw severalTypes();
    return oneObject(words, namespace, output === 'yaml' || output === 'json' ? 'yaml' : 'summary');
  },
};

export const describe: Verb = { flags: [], read: ({ words, namespace }) => oneObject(words, namespace, 'describe') };

function oneObject(words: readonly string[], namespace: string, output: string): Understood {
  const { type, name } = single(words);
  return reading('get_k8s_resource', { ...readableKind(type).input(namespace), name, output });
}

function single(words: readonly string[]): NamedObject {
  const [object, ...more] = objectsOf(words);
  if (object === undefined || more.length > 0)
    throw new NotUnderstood('it reads several objects', 'Read one object a call, or list the type.');
  return object;
}

/** `known`: of the table. Another word goes to the reader as it is, which knows the custom kinds of the cluster. */
function readableKind(type: string): {
  readonly known: KnownKind | undefined;
  input(namespace: string): { readonly kind: string; readonly namespace?: string };
} {
  if (type.includes(',')) throw severalTypes();
  refuseSecrets(type);
  const known = knownKind(type);
  if (known === undefined && !/^[A-Za-z][A-Za-z0-9]{0,62}(\.[a-z0-9][a-z0-9.-]{0,252})?$/.test(type))
    throw new NotUnderstood('the type is none', 'Use a type that api-resources lists.');
  const kind = known?.kind ?? type;
  return { known, input: (namespace) => (known?.namespaced === false ? { kind } : { kind, namespace }) };
}

const severalTypes = (): NotUnderstood => new NotUnderstood('it names several types at once', 'Read one type a call.');

function outputOf(text: string | undefined): string {
  if (text === undefined) return 'name';
  if (['wide', 'yaml', 'json', 'name'].includes(text)) return text;
  throw new NotUnderstood(
    '--output is not taken in that form',
    'Write -o wide, yaml, json or name; answers are data anyway.',
  );
}

export const logs: Verb = {
  flags: [
    { name: 'container', short: 'c', value: true },
    { name: 'tail', value: true },
    { name: 'previous', short: 'p' },
  ],
  read: ({ words, flags, namespace }) => {
    const [word = '', container, ...more] = words;
    if (word === '' || more.length > 0)
      throw new NotUnderstood('it names no single Pod', 'Write logs POD or logs pod/POD.');
    const object = word.includes('/') ? single([word]) : { type: 'pod', name: single(['pod', word]).name };
    if (knownKind(object.type)?.kind !== 'Pod')
      throw new NotUnderstood('logs are of a Pod', 'Find its Pods with get_k8s_status and name one.');
    if (container !== undefined && flags.has('container'))
      throw new NotUnderstood('it names two containers', 'Name one.');
    const tail = flags.get('tail');
    return reading('get_pod_logs', {
      namespace,
      podName: object.name,
      container: flags.get('container') ?? container,
      tailLines: tail === undefined ? undefined : wholeNumber('tail', tail, 1, LOG_LINES_MAX),
      previous: flags.has('previous') ? true : undefined,
    });
  },
};

export const events: Verb = {
  flags: [{ name: 'for', value: true }, { name: 'types', value: true }, SELECTOR, FIELD_SELECTOR],
  read: ({ words, flags, namespace }) => {
    if (words.length > 0) throw new NotUnderstood('events takes no name', 'Write --for=TYPE/NAME.');
    const about = flags.get('for');
    const types = flags.get('types');
    if (types !== undefined && !['Normal', 'Warning'].includes(types))
      throw new NotUnderstood('--types is none', 'Write --types=Normal or --types=Warning.');
    const object = about === undefined ? undefined : single([about]);
    const known = object === undefined ? undefined : knownKind(object.type);
    if (object !== undefined && known === undefined)
      throw new NotUnderstood('--for names no known type', 'Use --field-selector.');
    const requirements = [
      ...(flags.has('field-selector') ? [flags.get('field-selector')] : []),
      ...(known === undefined ? [] : [`involvedObject.kind=${known.kind}`, `involvedObject.name=${object?.name}`]),
      ...(types === undefined ? [] : [`type=${types}`]),
    ];
    return reading('get_k8s_events', {
      namespace,
      labelSelector: flags.get('selector'),
      fieldSelector: requirements.length === 0 ? undefined : requirements.join(','),
    });
  },
};

export const apiResources: Verb = {
  flags: [
    { name: 'api-group', value: true },
    { name: 'namespaced', value: true },
  ],
  read: ({ words, flags }) => {
    nothingElse(words);
    const namespaced = flags.get('namespaced');
    if (namespaced !== undefined && !['true', 'false'].includes(namespaced))
      throw new NotUnderstood('--namespaced is none', 'Write --namespaced=true or --namespaced=false.');
    return reading('get_api_resources', {
      apiGroup: flags.get('api-group'),
      namespaced: namespaced === undefined ? undefined : namespaced === 'true',
    });
  },
};

/** How a rollout stands: the diagnostics of its kind. */
const DIAGNOSTICS: ReadonlyMap<string, ReadTool> = new Map([
  ['Deployment', 'get_deployment_diagnostics'],
  ['StatefulSet', 'get_statefulset_diagnostics'],
  ['DaemonSet', 'get_daemonset_diagnostics'],
]);

const rollout = (kinds: readonly string[]): Verb => ({
  flags: [],
  read: ({ words, namespace }) => {
    const { type, name } = single(words);
    const kind = knownKind(type)?.kind ?? '';
    const tool = kinds.includes(kind) ? DIAGNOSTICS.get(kind) : undefined;
    if (tool === undefined) throw new NotUnderstood('it is not of such a workload', `It is for ${kinds.join(', ')}.`);
    return reading(tool, { namespace, name });
  },
});
export const rolloutStatus = rollout([...DIAGNOSTICS.keys()]);
/** The diagnostics of a Deployment hold its history. */
export const rolloutHistory = rollout(['Deployment']);

/** What the caller may do is not the cluster's to say: its own identity never reaches one. The binding says it, for all verbs at once. */
export const canI: Verb = {
  flags: [],
  read: ({ words }) => {
    const [verb = '', type = '', ...more] = words;
    if (verb === '' || type === '' || more.length > 0)
      throw new NotUnderstood('it is not of the form can-i VERB TYPE', 'Write auth can-i VERB TYPE.');
    return reading('get_allowed_namespaces', {});
  },
};

function nothingElse(words: readonly string[]): void {
  if (words.length > 0) throw new NotUnderstood('it holds more words than it has places', 'Leave them out.');
}

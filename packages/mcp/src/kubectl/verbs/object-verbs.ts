/** delete, label, annotate, patch, and apply and create of a manifest. */
import { type ChangeRequest, GRACE_PERIOD_SECONDS_MAX, type Refusal, type Result } from '@countersign/approvals';
import type { AskedManifests } from '../../manifests/asked-manifests.ts';
import { appliesOf, type Deletion, deletionsOf } from '../../manifests/changes-of-manifests.ts';
import { PATCH_TYPES, type PatchType, patchOf } from '../../manifests/patch.ts';
import type { Flag } from '../flags.ts';
import { NotUnderstood } from '../not-understood.ts';
import { changesOf, type Given, type Understood, type Verb, wholeNumber } from '../verb.ts';

const FILENAME: Flag = { name: 'filename', short: 'f', value: true };
const CASCADES: Readonly<Record<string, Deletion['propagation']>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
};

export const deletion: Verb = {
  flags: [FILENAME, { name: 'cascade', value: true }, { name: 'grace-period', value: true }, { name: 'now' }],
  read: (given) => {
    const operation: Deletion = {
      type: 'delete',
      propagation: cascadeOf(given.flags),
      gracePeriodSeconds: graceOf(given.flags),
    };
    if (!given.flags.has('filename'))
      return withoutManifest(given, () => changesOf(given.words, given.namespace, operation));
    return fromManifest(given, (asked) => deletionsOf(asked, operation));
  },
};

function cascadeOf(flags: Given['flags']): Deletion['propagation'] {
  const asked = flags.get('cascade') ?? 'background';
  const found = Object.hasOwn(CASCADES, asked) ? CASCADES[asked] : undefined;
  if (found === undefined)
    throw new NotUnderstood('--cascade is none', 'Write --cascade=background, foreground or orphan.');
  return found;
}

/** 0 is a forced deletion to kubectl, and refused as one. */
function graceOf(flags: Given['flags']): number | null {
  const asked = flags.get('grace-period');
  if (flags.has('now') && asked !== undefined)
    throw new NotUnderstood('--now and --grace-period say two things', 'Give one of them.');
  if (flags.has('now')) return 1;
  return asked === undefined ? null : wholeNumber('grace-period', asked, 1, GRACE_PERIOD_SECONDS_MAX);
}

const applied: Verb = {
  flags: [FILENAME, { name: 'server-side' }],
  read: (given) => fromManifest(given, appliesOf),
};
export const apply = applied;
/** An apply too: where the object exists, the plan says that it is a change. */
export const create: Verb = { flags: [FILENAME], read: applied.read };

function fromManifest(
  given: Given,
  read: (asked: AskedManifests) => Result<readonly ChangeRequest[], Refusal>,
): Understood {
  const filename = given.flags.get('filename');
  if (filename === undefined)
    throw new NotUnderstood(
      'it reads no manifest',
      'Send the manifest in stdin with -f -, or use request_apply_manifest.',
    );
  if (filename !== '-')
    throw new NotUnderstood('it names a file or an address', 'Send the content: -f - with the manifest in stdin.');
  if (given.words.length > 0) throw new NotUnderstood('it names objects and a manifest', 'Give one of them.');
  if (given.manifest === undefined)
    throw new NotUnderstood('-f - reads a manifest and none is given', 'Send it in stdin, beside the command.');
  const where = given.namespaceIsOfFlag ? { namespace: given.namespace } : { otherwise: given.namespace };
  const changes = read({ manifest: given.manifest, ...where });
  if (changes.ok) return { does: 'change', changes: changes.value };
  const [issue = 'it is not valid'] = changes.refusal.code === 'request.invalid' ? changes.refusal.issues : [];
  throw new NotUnderstood(`its manifest is not taken: ${issue}`, 'Correct the manifest and send it again.');
}

function withoutManifest<T>(given: Given, read: () => T): T {
  if (given.manifest !== undefined)
    throw new NotUnderstood('a manifest is given that the command does not read', 'Leave it out, or write -f -.');
  return read();
}

/** `key=value` sets, `key-` takes away. */
const metadata = (make: (entries: Record<string, string | null>) => ChangeRequest['operation']): Verb => ({
  flags: [{ name: 'overwrite' }],
  read: (given) => {
    const isEntry = (word: string): boolean => word.includes('=') || word.endsWith('-');
    const entries = given.words.filter(isEntry).map((word): readonly [string, string | null] => {
      const equals = word.indexOf('=');
      return equals < 0 ? [word.slice(0, -1), null] : [word.slice(0, equals), word.slice(equals + 1)];
    });
    if (entries.length === 0)
      throw new NotUnderstood('it sets and removes nothing', 'Write KEY=VALUE, or KEY- to remove.');
    if (new Set(entries.map(([key]) => key)).size < entries.length)
      throw new NotUnderstood('it names one key twice', 'Name it once.');
    const objects = given.words.filter((word) => !isEntry(word));
    return withoutManifest(given, () => changesOf(objects, given.namespace, make(Object.fromEntries(entries))));
  },
});
export const label = metadata((labels) => ({ type: 'label', labels }));
export const annotate = metadata((annotations) => ({ type: 'annotate', annotations }));

export const patch: Verb = {
  flags: [
    { name: 'patch', short: 'p', value: true },
    { name: 'type', value: true },
  ],
  read: (given) => {
    const type = patchTypeOf(given.flags.get('type') ?? 'strategic');
    const text = given.flags.get('patch');
    if (text === undefined) throw new NotUnderstood('it holds no patch', 'Give --patch with JSON in single quotes.');
    const read = patchOf(type, parsed(text));
    if (!read.ok) throw new NotUnderstood(`its ${read.refusal}`, 'Correct the patch, or use request_patch_resource.');
    const operation: ChangeRequest['operation'] = { type: 'patch', patchType: type, patch: read.value };
    return withoutManifest(given, () => changesOf(given.words, given.namespace, operation));
  },
};

function patchTypeOf(text: string): PatchType {
  const found = PATCH_TYPES.find((type) => type === text);
  if (found === undefined) throw new NotUnderstood('--type is none', `Write --type=${PATCH_TYPES.join(', ')}.`);
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotUnderstood('its patch is no JSON', 'Write the patch as JSON, or use request_patch_resource.');
  }
}

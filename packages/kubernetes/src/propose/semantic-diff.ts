/**
 * What a plan changes, from the API server's dry run, field by field in words. Works on shown objects: a hidden leaf is a commitment
 * there, equal on both sides. Every difference outside the ignored paths is in the list; what no rule here understands is named
 * `unclassified` and keeps the plan from the low tier.
 */
import {
  type Change,
  canonicalize,
  type Json,
  MARK_ANNOTATIONS,
  pointerOf,
  type Step,
  type Target,
} from '@countersign/approvals';
import { CHANGE_VALUE_CHARACTERS_MAX } from '../limits.ts';
import { isAllocated, isApiDefault } from '../objects/api-defaults.ts';
import { type Difference, differences } from '../objects/changed-paths.ts';
import { displayable } from '../objects/comparable.ts';
import { fieldOwners } from '../objects/field-owners.ts';
import { isList, isObject, textAt, valueAt } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { fieldLabel } from './field-label.ts';
import { type IsRequested, requestedBy } from './requested.ts';

/** In the order of the object, the requested change first. Both in shown form; null where the step makes or takes away the object. */
export function semanticDiff(live: Json, dryRun: Json, { target, operation }: Step): readonly Change[] {
  const [before, after] = [displayable(live), displayable(dryRun)];
  if (after === null) return [wholeObject(target)];
  const isRequested = requestedBy(operation, before, after);
  const differing =
    before === null
      ? leavesOf(after, [])
      : [...differences(before, after)].map(hiddenWhole(before, after)).flatMap(wholeOrParts);
  const changes = differing
    .filter(({ tokens }) => !isBookkeeping(tokens))
    .map((difference) => changeOf(difference, before, after, isRequested));
  const rank = (change: Change): number => ['requested', 'unclassified', 'consequence', 'mark'].indexOf(change.meaning);
  return [...changes.sort((a, b) => rank(a) - rank(b)), ...ownershipChange(before, after)];
}

/** A delete is one change: that the object goes. */
const wholeObject = ({ kind, namespace, name }: Target): Change => ({
  label: 'the object',
  path: '',
  kind: 'removed',
  from: `${kind} ${namespace}/${name}`,
  to: null,
  meaning: 'requested',
});

/** Of what is created everything is new, down to each single value: nobody can read a template in one line. */
function leavesOf(value: Json, tokens: readonly string[]): readonly Difference[] {
  const inner: readonly (readonly [string, Json])[] = isList(value)
    ? value.map((item, at) => [String(at), item])
    : isObject(value) && !isHiddenLeaf(value)
      ? Object.entries(value)
      : [];
  if (inner.length === 0) return [{ tokens, from: undefined, to: value }];
  return inner.flatMap(([token, item]) => (isBookkeeping(tokens) ? [] : leavesOf(item, [...tokens, token])));
}

/** What stands for a hidden value is one value, whose inside says nothing. */
const hiddenWhole =
  (before: Json, after: Json) =>
  (difference: Difference): Difference => {
    const tokens = difference.tokens.slice(0, -1);
    const [from, to] = [valueAt(before, ...tokens), valueAt(after, ...tokens)];
    return isHiddenLeaf(from) || isHiddenLeaf(to) ? { tokens, from, to } : difference;
  };

const isBookkeeping = (tokens: readonly string[]): boolean => tokens[0] === 'metadata' && tokens[1] === 'managedFields';

/** An added map is listed by its members: "annotations added" would hide which. An item of a list is one thing, and stays whole. */
function wholeOrParts({ tokens, from, to }: Difference): readonly Difference[] {
  const present = from === undefined ? to : from;
  const whole = (from !== undefined && to !== undefined) || /^\d+$/.test(tokens.at(-1) ?? '');
  if (whole || isHiddenLeaf(present) || !isObject(present) || Object.keys(present).length === 0)
    return [{ tokens, from, to }];
  return Object.entries(present).flatMap(([key, value]) =>
    wholeOrParts({
      tokens: [...tokens, key],
      from: from === undefined ? undefined : value,
      to: to === undefined ? undefined : value,
    }),
  );
}

function changeOf(difference: Difference, before: Json, after: Json, isRequested: IsRequested): Change {
  const { tokens, from, to } = difference;
  const [shownFrom, shownTo] = [valueText(from), valueText(to)];
  return {
    label: fieldLabel(to === undefined ? before : after, tokens),
    path: pointerOf(tokens),
    kind: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
    from: shownFrom?.text ?? null,
    to: shownTo?.text ?? null,
    // What is cut is not inspected by anybody.
    meaning: shownFrom?.cut || shownTo?.cut ? 'unclassified' : meaningOf(difference, before, after, isRequested),
  };
}

const MARKS = MARK_ANNOTATIONS.map((key) => pointerOf(['metadata', 'annotations', key]));

function meaningOf(
  { tokens, from, to }: Difference,
  before: Json,
  after: Json,
  isRequested: IsRequested,
): Change['meaning'] {
  const path = pointerOf(tokens);
  if (MARKS.includes(path)) return 'mark';
  if (path === '/metadata/generation') return 'consequence';
  if (isRequested(tokens, to)) return 'requested';
  const filledIn =
    (before === null && isAllocated(tokens)) ||
    (from === undefined && to !== undefined && isApiDefault(textAt(after, 'kind') ?? '', tokens, to));
  return filledIn ? 'consequence' : 'unclassified';
}

/** Who owns which field, said in one line: the raw diff has the details. */
function ownershipChange(before: Json, after: Json): readonly Change[] {
  const entries = (object: Json): Json => valueAt(object, 'metadata', 'managedFields') ?? [];
  if (canonicalize(entries(before)) === canonicalize(entries(after))) return [];
  const names = (object: Json): string =>
    neutralise([...new Set(fieldOwners(object).map(({ manager }) => manager))].join(', '), CHANGE_VALUE_CHARACTERS_MAX);
  const change = { label: 'field owners', path: pointerOf(['metadata', 'managedFields']), to: names(after) };
  return before === null
    ? [{ ...change, kind: 'added', from: null, meaning: 'consequence' }]
    : [{ ...change, kind: 'changed', from: names(before), meaning: 'consequence' }];
}

function valueText(value: Json | undefined): { readonly text: string; readonly cut: boolean } | undefined {
  if (value === undefined) return undefined;
  const text = isHiddenLeaf(value) ? '(hidden value)' : typeof value === 'string' ? value : canonicalize(value);
  return { text: neutralise(text, CHANGE_VALUE_CHARACTERS_MAX), cut: text.length > CHANGE_VALUE_CHARACTERS_MAX };
}

const isHiddenLeaf = (value: Json | undefined): boolean =>
  isObject(value) && Object.keys(value).length === 1 && Object.hasOwn(value, 'countersign.dev/redacted');

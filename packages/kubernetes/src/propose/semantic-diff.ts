/**
 * What a plan changes, from the API server's dry run, field by field in words. Works on shown objects: a hidden leaf is a commitment
 * there, equal on both sides. Every difference outside the ignored paths is in the list; what no rule here understands is named
 * `unclassified` and keeps the plan from the low tier.
 */
import {
  type Change,
  canonicalize,
  type Json,
  type Operation,
  PLAN_ANNOTATION,
  pointerOf,
} from '@countersign/approvals';
import { RESTARTED_AT } from '../change/patch.ts';
import { CHANGE_VALUE_CHARACTERS_MAX } from '../limits.ts';
import { type Difference, differences } from '../objects/changed-paths.ts';
import { displayable } from '../objects/comparable.ts';
import { fieldOwners } from '../objects/field-owners.ts';
import { isObject, textAt, valueAt } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { fieldLabel } from './field-label.ts';

/** In the order of the object, the requested change first. */
export function semanticDiff(live: Json, dryRun: Json, operation: Operation): readonly Change[] {
  const [before, after] = [displayable(live), displayable(dryRun)];
  const changes = [...differences(before, after)]
    .filter(({ tokens }) => !isBookkeeping(tokens))
    .flatMap(wholeOrParts)
    .map((difference) => changeOf(difference, before, after, operation));
  const rank = (change: Change): number => ['requested', 'unclassified', 'consequence', 'mark'].indexOf(change.meaning);
  return [...changes.sort((a, b) => rank(a) - rank(b)), ...ownershipChange(before, after)];
}

const isBookkeeping = (tokens: readonly string[]): boolean => tokens[0] === 'metadata' && tokens[1] === 'managedFields';

/** An added map is listed by its members: "annotations added" would hide which. An item of a list is one thing, and stays whole. */
function wholeOrParts({ tokens, from, to }: Difference): readonly Difference[] {
  const present = from === undefined ? to : from;
  const whole = (from !== undefined && to !== undefined) || /^\d+$/.test(tokens.at(-1) ?? '');
  if (whole || !isObject(present) || Object.keys(present).length === 0) return [{ tokens, from, to }];
  return Object.entries(present).flatMap(([key, value]) =>
    wholeOrParts({
      tokens: [...tokens, key],
      from: from === undefined ? undefined : value,
      to: to === undefined ? undefined : value,
    }),
  );
}

function changeOf({ tokens, from, to }: Difference, before: Json, after: Json, operation: Operation): Change {
  const [shownFrom, shownTo] = [valueText(from), valueText(to)];
  const meaning = meaningOf(tokens, to, after, operation);
  return {
    label: fieldLabel(to === undefined ? before : after, tokens),
    path: pointerOf(tokens),
    kind: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
    from: shownFrom?.text ?? null,
    to: shownTo?.text ?? null,
    // What is cut is not inspected by anybody.
    meaning: shownFrom?.cut || shownTo?.cut ? 'unclassified' : meaning,
  };
}

function meaningOf(
  tokens: readonly string[],
  to: Json | undefined,
  after: Json,
  operation: Operation,
): Change['meaning'] {
  const path = pointerOf(tokens);
  if (path === pointerOf(['metadata', 'annotations', PLAN_ANNOTATION])) return 'mark';
  if (path === '/metadata/generation') return 'consequence';
  return isRequested(tokens, to, after, operation) ? 'requested' : 'unclassified';
}

/** The asked-for field with the asked-for value; a webhook's other value at the same place is not what was asked for. */
function isRequested(tokens: readonly string[], to: Json | undefined, after: Json, operation: Operation): boolean {
  const path = pointerOf(tokens);
  switch (operation.type) {
    case 'restart':
      return (
        path === pointerOf(['spec', 'template', 'metadata', 'annotations', RESTARTED_AT]) &&
        to === operation.restartedAt
      );
    case 'scale':
      return path === '/spec/replicas' && to === operation.replicas;
    case 'set-image': {
      const container = /^\/spec\/template\/spec\/containers\/\d+\/image$/.test(path)
        ? valueAt(after, ...tokens.slice(0, -1))
        : undefined;
      return textAt(container, 'name') === operation.container && to === operation.image;
    }
    default:
      return false;
  }
}

/** Who owns which field, said in one line: the raw diff has the details. */
function ownershipChange(before: Json, after: Json): readonly Change[] {
  const entries = (object: Json): Json => valueAt(object, 'metadata', 'managedFields') ?? [];
  if (canonicalize(entries(before)) === canonicalize(entries(after))) return [];
  const names = (object: Json): string =>
    neutralise([...new Set(fieldOwners(object).map(({ manager }) => manager))].join(', '), CHANGE_VALUE_CHARACTERS_MAX);
  const path = pointerOf(['metadata', 'managedFields']);
  return [
    { label: 'field owners', path, kind: 'changed', from: names(before), to: names(after), meaning: 'consequence' },
  ];
}

function valueText(value: Json | undefined): { readonly text: string; readonly cut: boolean } | undefined {
  if (value === undefined) return undefined;
  const text = isHiddenLeaf(value) ? '(hidden value)' : typeof value === 'string' ? value : canonicalize(value);
  return { text: neutralise(text, CHANGE_VALUE_CHARACTERS_MAX), cut: text.length > CHANGE_VALUE_CHARACTERS_MAX };
}

const isHiddenLeaf = (value: Json | undefined): boolean =>
  isObject(value) && Object.keys(value).length === 1 && Object.hasOwn(value, 'countersign.dev/redacted');

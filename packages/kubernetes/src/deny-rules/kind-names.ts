/** How a policy names a kind: `plural.group`. A target names it by `kind`, so the plural is guessed as Kubernetes' own clients guess it. */
import type { Target } from '@countersign/approvals';

type Kind = Pick<Target, 'apiVersion' | 'kind'>;

export const groupOf = ({ apiVersion }: Kind): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** kinds whose plural no rule gives. */
const PLURALS: Readonly<Record<string, string>> = { Endpoints: 'endpoints' };

function pluralOf(kind: string): string {
  const known = PLURALS[kind];
  if (known !== undefined) return known;
  const lower = kind.toLowerCase();
  if (/(s|x|ch|sh)$/.test(lower)) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/**
 * The names by which a policy may mean a kind. Both the guessed plural and the kind in small letters: a custom resource may have chosen
 * a plural that nobody can guess, and a list that denies must not miss it for that.
 */
export function kindNamesOf(kind: Kind): readonly string[] {
  const group = groupOf(kind);
  const inGroup = (name: string): string => (group === '' ? name : `${name}.${group}`);
  return [inGroup(pluralOf(kind.kind)), inGroup(kind.kind.toLowerCase())];
}

export const kindListed = (names: readonly string[], kind: Kind): boolean =>
  names.includes('*') || kindNamesOf(kind).some((name) => names.includes(name));

/** A kind as the cluster itself says that it serves it: CRDs and aggregated APIs look like any other. */
import type { ResourceKind } from '../objects/resource-kinds.ts';

export interface ServedKind extends ResourceKind {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** Sorted. */
  readonly verbs: readonly string[];
}

/** `pods`, `deployments.apps`, `widgets.example.com`: one text per kind, whatever its version; what policies list kinds by. */
export const kindKey = ({ plural, group }: Pick<ServedKind, 'plural' | 'group'>): string =>
  group === '' ? plural : `${plural}.${group}`;

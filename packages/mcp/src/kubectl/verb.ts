/** What a verb is given and what it makes of it: steps of a plan, or one call of a reading tool. */
import type { ChangeRequest } from '@countersign/approvals';
import type { Flag } from './flags.ts';
import { changedKindOf } from './kinds.ts';
import { NotUnderstood } from './not-understood.ts';
import { objectsOf } from './objects.ts';

/** Tools that answer a reading command; each judges scope, binding and arguments as if it were called itself. */
export type ReadTool =
  | 'get_allowed_namespaces'
  | 'get_k8s_status'
  | 'get_k8s_events'
  | 'get_pod_logs'
  | 'get_k8s_resource'
  | 'list_k8s_resources'
  | 'get_api_resources'
  | 'get_deployment_diagnostics'
  | 'get_statefulset_diagnostics'
  | 'get_daemonset_diagnostics';

export type Understood =
  | { readonly does: 'change'; readonly changes: readonly ChangeRequest[] }
  | { readonly does: 'read'; readonly tool: ReadTool; readonly input: { readonly [name: string]: unknown } };

export interface Given {
  /** Without the verb and without flags. */
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** Of the flag, else of the call, else kubectl's own: `default`. */
  readonly namespace: string;
  /** Whether the command itself named it; then no manifest may name another. */
  readonly namespaceIsOfFlag: boolean;
  /** What `-f -` reads. */
  readonly manifest: string | { readonly [key: string]: unknown } | undefined;
}

export interface Verb {
  readonly flags: readonly Flag[];
  /** Throws NotUnderstood. */
  read(given: Given): Understood;
}

type Operation = ChangeRequest['operation'];

/** One step per named object. `kinds`: those that have the operation; absent: all. */
export function changesOf(
  words: readonly string[],
  namespace: string,
  operation: Operation,
  kinds?: readonly string[],
): Understood {
  const changes = objectsOf(words).map(({ type, name }) => {
    const { kind } = changedKindOf(type);
    if (kinds !== undefined && !kinds.includes(kind))
      throw new NotUnderstood(`a ${kind} has nothing of that`, `It is for ${kinds.join(', ')}.`);
    return { kind, namespace, name, operation };
  });
  return { does: 'change', changes };
}

/** A whole number as kubectl writes it. */
export function wholeNumber(flag: string, text: string | undefined, min: number, max: number): number {
  const value = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new NotUnderstood(`--${flag} is missing or no whole number from ${min} to ${max}`, `Give --${flag}=NUMBER.`);
}

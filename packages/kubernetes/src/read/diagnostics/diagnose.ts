/** One diagnosis of one object: what each kind's file satisfies. */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../../connection/connect-cluster.ts';

export interface Diagnosis {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  /** Of each list in the answer. */
  readonly limit: number;
}

/** Throws Unavailable and Forbidden. */
export type Diagnose = (asked: Diagnosis, object: Json) => Promise<{ readonly [part: string]: Json }>;

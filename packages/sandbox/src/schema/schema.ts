/** How the API treats a value: what may stand there, what merges with what, and what is owned as a whole. */
export type Schema = ScalarSchema | StructSchema | MapSchema | ListSchema | AnySchema;

export type ScalarType =
  | 'string'
  | 'int'
  | 'number'
  | 'bool'
  | 'bytes'
  | 'quantity'
  | 'time'
  | 'microTime'
  | 'intOrString';

export interface ScalarSchema {
  readonly shape: 'scalar';
  readonly type: ScalarType;
}

export interface StructSchema {
  readonly shape: 'struct';
  /** Full name, `<table>.<name>`; '' for a part of a custom resource. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** Owned and replaced as a whole. */
  readonly atomic: boolean;
  /** Members that are no declared field may stand there too (custom resources that preserve unknown fields). */
  readonly open?: boolean;
}

export interface MapSchema {
  readonly shape: 'map';
  readonly values: Schema;
  readonly atomic: boolean;
}

export interface ListSchema {
  readonly shape: 'list';
  readonly items: Schema;
  readonly kind: 'atomic' | 'set' | 'map';
  /** Of a map-like list: the members that together name an element, and what stands for one that is left out. */
  readonly keys: readonly { readonly name: string; readonly fallback?: string }[];
}

/** Anything: maps merge, lists are atomic. */
export interface AnySchema {
  readonly shape: 'any';
}

export interface FieldSchema {
  readonly schema: Schema;
  /** There in the API server's own form even where JSON leaves it out: as its type's zero value, or as null. */
  readonly always: 'zero' | 'null' | undefined;
  /** A zero value is the same as none. */
  readonly omitsZero: boolean;
  readonly required: boolean;
  readonly patch?: PatchRule;
}

/** How a strategic merge patch treats the field; without one it replaces lists and merges structs. */
export interface PatchRule {
  readonly merge: boolean;
  /** The member by which elements are merged; absent: a set of scalars. */
  readonly key?: string;
  readonly retainKeys: boolean;
}

export const anything: AnySchema = { shape: 'any' };

/** The schema of a member of a struct, a map or anything; undefined where a struct declares no such field. */
export function memberSchema(schema: Schema, member: string): Schema | undefined {
  switch (schema.shape) {
    case 'struct':
      return schema.fields.get(member)?.schema ?? (schema.open === true ? anything : undefined);
    case 'map':
      return schema.values;
    case 'any':
      return anything;
    default:
      return undefined;
  }
}

/** Whether the member is a declared field, not a key of a map. */
export function isField(schema: Schema, member: string): boolean {
  return schema.shape === 'struct' && schema.fields.has(member);
}

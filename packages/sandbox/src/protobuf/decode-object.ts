import { isRecord, type JsonRecord } from '../json/record.ts';
import { StatusError } from '../store/status-error.ts';
import { messages } from './messages.ts';
import { readFields, type WireField } from './wire-reader.ts';

/** What kubectl 1.32 and newer sends for the objects that it makes itself (`create deployment`, `create namespace`, `auth can-i`). */
export const protobufMediaType = 'application/vnd.kubernetes.protobuf';

interface FieldSpec {
  readonly name: string;
  readonly type: string;
  readonly shape: '' | '*' | '%' | '?';
}

type MessageSpec = ReadonlyMap<number, FieldSpec>;

const specs = new Map(Object.entries(messages).map(([name, line]) => [name, parseSpec(line)]));
const magic = Buffer.from('k8s\0');
const maxDepth = 24;

/**
 * Reads an object in Kubernetes' protobuf (`k8s\0`, then an envelope of type and bytes) into its JSON form. Throws UnsupportedMediaType for a kind or
 * field that this sandbox has no table for, BadRequest for bytes that are no such message.
 */
export function decodeObject(body: Uint8Array): JsonRecord {
  if (!magic.equals(body.subarray(0, magic.length))) throw unreadable();
  try {
    const envelope = readFields(body.subarray(magic.length));
    const typeMeta = readFields(bytesOf(envelope, 1));
    const kind = textOf(bytesOf(typeMeta, 2));
    if (kind === '' || !envelope.some((field) => field.number === 2)) throw unreadable();
    return { apiVersion: textOf(bytesOf(typeMeta, 1)), kind, ...decodeMessage(kind, bytesOf(envelope, 2), 0) };
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw unreadable();
  }
}

function parseSpec(line: string): MessageSpec {
  const fields = line.split(' ').map((field): [number, FieldSpec] => {
    const match = /^(\w*)=(\d+):([\w-]+)([*%?]?)$/.exec(field);
    if (match === null) throw new Error(`not a field: ${field}`);
    const [, name = '', number, type = '', shape = ''] = match;
    return [Number(number), { name, type, shape: shape as FieldSpec['shape'] }];
  });
  return new Map(fields);
}

function decodeMessage(name: string, bytes: Uint8Array, depth: number): JsonRecord {
  const spec = specs.get(name);
  if (spec === undefined || depth > maxDepth) throw notSupported(name);
  const decoded = new Map<string, unknown>();
  for (const field of readFields(bytes)) {
    const known = spec.get(field.number);
    if (known === undefined) throw notSupported(`${name} (field ${field.number})`);
    if (known.type === '-') continue;
    addField(decoded, known, field, depth);
  }
  return Object.fromEntries(decoded);
}

function addField(decoded: Map<string, unknown>, spec: FieldSpec, field: WireField, depth: number): void {
  if (spec.shape === '%') {
    const entry = readFields(field.type === 'bytes' ? field.value : new Uint8Array());
    const value = entry.find((one) => one.number === 2) ?? { number: 2, type: 'bytes', value: new Uint8Array() };
    const current = decoded.get(spec.name);
    decoded.set(spec.name, {
      ...(isRecord(current) ? current : {}),
      [textOf(bytesOf(entry, 1))]: decodeValue(spec.type, value, depth),
    });
    return;
  }
  const value = decodeValue(spec.type, field, depth);
  if (spec.shape === '*') {
    const current = decoded.get(spec.name);
    decoded.set(spec.name, [...(Array.isArray(current) ? current : []), value]);
  } else if (spec.name === '') {
    for (const [name, inner] of Object.entries(isRecord(value) ? value : {})) decoded.set(name, inner);
  } else if (value !== undefined && (spec.shape === '?' || !isZero(value))) {
    decoded.set(spec.name, value);
  }
}

/** Fields that are no pointers are always on the wire; their zero value means absent, as `omitempty` does in JSON. */
function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function decodeValue(type: string, field: WireField, depth: number): unknown {
  if (field.type === 'varint') {
    if (type === 'bool') return field.value !== 0n;
    if (type === 'int') return Number(BigInt.asIntN(64, field.value));
    throw unreadable();
  }
  switch (type) {
    case 'string':
      return textOf(field.value);
    case 'bytes':
      return Buffer.from(field.value).toString('base64');
    case 'time':
      return decodeTime(field.value);
    case 'quantity':
      return textOf(bytesOf(readFields(field.value), 1));
    case 'intOrString': {
      const parts = readFields(field.value);
      const isText = numberOf(parts, 1) === 1;
      return isText ? textOf(bytesOf(parts, 3)) : numberOf(parts, 2);
    }
    default:
      return decodeMessage(type, field.value, depth + 1);
  }
}

/** A Time of nothing is "no time". */
function decodeTime(bytes: Uint8Array): string | undefined {
  const seconds = numberOf(readFields(bytes), 1);
  return bytes.length === 0 || seconds <= 0 ? undefined : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function bytesOf(fields: readonly WireField[], number: number): Uint8Array {
  const found = fields.find((field) => field.number === number);
  return found?.type === 'bytes' ? found.value : new Uint8Array();
}

function numberOf(fields: readonly WireField[], number: number): number {
  const found = fields.find((field) => field.number === number);
  return found?.type === 'varint' ? Number(BigInt.asIntN(64, found.value)) : 0;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function notSupported(what: string): StatusError {
  return new StatusError('UnsupportedMediaType', `this sandbox cannot read ${what} in protobuf; send application/json`);
}

function unreadable(): StatusError {
  return new StatusError('BadRequest', 'the body is not a Kubernetes protobuf message');
}

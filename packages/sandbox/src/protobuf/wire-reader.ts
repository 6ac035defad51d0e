/** One field of a protobuf message as it stands on the wire. */
export type WireField =
  | { readonly number: number; readonly type: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly type: 'bytes'; readonly value: Uint8Array };

/** Splits a message into its fields. Throws RangeError where it is cut short or uses a wire type that Kubernetes' messages do not have. */
export function readFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) break;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a varint is cut short or too long');
  }

  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, type: 'varint', value: varint() });
        break;
      case 2: {
        const length = Number(varint());
        if (length > message.length - at) throw new RangeError('a field is cut short');
        fields.push({ number, type: 'bytes', value: message.subarray(at, at + length) });
        at += length;
        break;
      }
      default:
        throw new RangeError('a wire type that no Kubernetes message has');
    }
  }
  return fields;
}

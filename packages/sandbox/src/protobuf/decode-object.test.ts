import { describe, expect, it } from 'vitest';
import { StatusError } from '../store/status-error.ts';
import { decodeObject } from './decode-object.ts';

/** What kubectl 1.33 sends for `create deployment fx --image=nginx:1.27-alpine --replicas=0 --port=80`. */
const deployment = Buffer.from(
  `6b3873000a150a07617070732f7631120a4465706c6f796d656e7412c0010a1d0a02667812001a0022002a003200380042005a090a036170701202667812
   90010800120b0a090a036170701202667 81a770a1b0a0012001a0022002a003200380042005a090a036170701202667 8125812 3a0a056e67696e7812116e
   67696e783a312e32372d616c70696e652a00320a0a0010001850220 02a0042006a00720080010088010090 0100a201001a00320042004a0052005800600068
   0082 01008a01009a0100c2010022020a00280038001a0c08001000180020002800380 01a002200`.replace(/\s+/g, ''),
  'hex',
);

const code = (body: Uint8Array): number | undefined => {
  try {
    decodeObject(body);
  } catch (error) {
    if (error instanceof StatusError) return error.code;
    throw error;
  }
  return undefined;
};

/** The envelope `k8s\0` { typeMeta { apiVersion, kind }, raw } around a message. */
function envelope(apiVersion: string, kind: string, raw: Uint8Array): Buffer {
  const field = (number: number, content: Uint8Array) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
  const typeMeta = Buffer.concat([field(1, Buffer.from(apiVersion)), field(2, Buffer.from(kind))]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, typeMeta), field(2, raw)]);
}

describe('a protobuf body', () => {
  it('of kubectl becomes the JSON that kubectl would have sent: empty fields vanish, a pointer to zero stays', () => {
    expect(decodeObject(deployment)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'fx', labels: { app: 'fx' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'fx' } },
        template: {
          metadata: { labels: { app: 'fx' } },
          spec: {
            containers: [{ name: 'nginx', image: 'nginx:1.27-alpine', ports: [{ containerPort: 80 }], resources: {} }],
          },
        },
        strategy: {},
      },
    });
  });

  it('with maps of bytes becomes base64', () => {
    // Secret { data: { k: 0x00ff }, type: "Opaque" }
    const raw = Buffer.from('12070a016b120200ff1a064f7061717565', 'hex');
    expect(decodeObject(envelope('v1', 'Secret', raw))).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      data: { k: 'AP8=' },
      type: 'Opaque',
    });
  });

  it('of a kind or with a field that there is no table for is refused whole with 415, never read in part', () => {
    expect(code(envelope('v1', 'Node', Buffer.alloc(0)))).toBe(415);
    expect(code(envelope('v1', 'ConfigMap', Buffer.from([0x7a, 0x01, 0x61])))).toBe(415);
  });

  it('that is cut short, of another format or of a wrong type is refused with 400', () => {
    // The last four bytes are two empty fields of the envelope, which may be missing.
    for (let length = 0; length < deployment.length - 4; length++)
      expect(code(deployment.subarray(0, length))).toBe(400);
    expect(code(Buffer.from('{"kind":"ConfigMap"}'))).toBe(400);
    expect(code(envelope('v1', 'ConfigMap', Buffer.from([0x08, 0x01])))).toBe(400);
    expect(code(envelope('v1', 'ConfigMap', Buffer.from([0x09, 0, 0, 0, 0, 0, 0, 0, 0])))).toBe(400);
  });
});

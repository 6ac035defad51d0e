import type { JsonRecord } from '../json/record.ts';
import { type ApiResource, apiVersionOf } from '../resources/api-resource.ts';
import type { ResourceCatalogue } from '../resources/resource-catalogue.ts';

/** /openapi/v2 as JSON: no definitions, which clients take for "nothing to check". */
export const openApiV2: JsonRecord = {
  swagger: '2.0',
  info: { title: 'Countersign sandbox', version: 'v1' },
  paths: {},
  definitions: {},
};

/**
 * /openapi/v2 as protobuf (openapi.v2.Document), which kubectl up to 1.26 insists on before `create -f` and `--dry-run=server`: it looks for a patch
 * operation of the kind that takes dryRun. The field numbers are those of the gnostic OpenAPI v2 schema.
 */
export function openApiV2Protobuf(resources: ResourceCatalogue): Uint8Array {
  const patchable = resources.all().filter((resource) => resource.verbs.includes('patch'));
  return message([
    [1, text('2.0')],
    [
      2,
      message([
        [1, text('Countersign sandbox')],
        [2, text('v1')],
      ]),
    ],
    [8, message(patchable.map((resource): Field => [2, pathItem(resource)]))],
  ]);
}

type Field = readonly [number: number, content: Uint8Array];

function pathItem(resource: ApiResource): Uint8Array {
  const { group, version, kind, plural, namespaced } = resource;
  const root = group === '' ? '/api/v1' : `/apis/${apiVersionOf(resource)}`;
  const path = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`;
  const named = `group: "${group}"\nversion: "${version}"\nkind: "${kind}"\n`;
  const extension = message([
    [1, text('x-kubernetes-group-version-kind')],
    [2, message([[2, text(named)]])],
  ]);
  const operation = message([
    ...['dryRun', 'fieldManager', 'fieldValidation'].map((name): Field => [8, queryParameter(name)]),
    [13, extension],
  ]);
  return message([
    [1, text(path)],
    [2, message([[8, operation]])],
  ]);
}

/** ParametersItem > Parameter > NonBodyParameter > QueryParameterSubSchema. */
function queryParameter(name: string): Uint8Array {
  const schema = message([
    [2, text('query')],
    [4, text(name)],
    [6, text('string')],
  ]);
  return message([[1, message([[2, message([[3, schema]])]])]]);
}

/** Fields with length-delimited content: tag, length, bytes. */
function message(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(([number, content]) => [varint((number << 3) | 2), varint(content.length), content]),
  );
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

function text(value: string): Uint8Array {
  return Buffer.from(value);
}

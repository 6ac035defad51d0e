/** infra/cluster as objects: what a cluster is given before Countersign works on it, and what hands it a namespace. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NewObject } from '@countersign/sandbox';
import { parseAllDocuments } from 'yaml';

export function clusterManifests(namespaces: readonly string[]): readonly NewObject[] {
  const handedOver = namespaces.flatMap((namespace) =>
    manifest('managed-namespace.yaml').map((object) => ({ ...object, metadata: { ...object.metadata, namespace } })),
  );
  return [...manifest('rbac.yaml'), ...manifest('guard-policies.yaml'), ...handedOver];
}

function manifest(name: string): readonly NewObject[] {
  const file = fileURLToPath(new URL(`../../../../infra/cluster/${name}`, import.meta.url));
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as NewObject);
}

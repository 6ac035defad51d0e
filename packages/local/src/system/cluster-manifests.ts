/** infra/cluster as objects: what a cluster is given before Countersign works on it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NewObject } from '@countersign/sandbox';
import { parseAllDocuments } from 'yaml';

const FILES = ['rbac.yaml', 'guard-policies.yaml'] as const;

export function clusterManifests(): readonly NewObject[] {
  return FILES.flatMap((name) => {
    const file = fileURLToPath(new URL(`../../../../infra/cluster/${name}`, import.meta.url));
    return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as NewObject);
  });
}

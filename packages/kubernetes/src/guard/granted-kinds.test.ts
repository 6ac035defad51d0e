import { readFileSync } from 'node:fs';
import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { CHANGEABLE_KINDS, type ChangeableKind } from '../objects/changeable-kinds.ts';
import { listAt, textAt } from '../objects/json-at.ts';

const manifests = (file: string): readonly Json[] =>
  parseAllDocuments(readFileSync(new URL(`../../../../infra/cluster/${file}`, import.meta.url), 'utf8')).map(
    (document) => document.toJS() as Json,
  );

const groupOf = ({ apiVersion }: ChangeableKind): string =>
  (apiVersion.includes('/') ? apiVersion.split('/')[0] : '') ?? '';
const nameOf = (kind: ChangeableKind): string => `${groupOf(kind)}/${kind.plural}`;
const onlyDeletes = ({ operations }: ChangeableKind): boolean =>
  operations.every((operation) => operation === 'delete');
const written = CHANGEABLE_KINDS.filter((kind) => !onlyDeletes(kind)).map(nameOf);
const deleted = CHANGEABLE_KINDS.filter(onlyDeletes).map(nameOf);

describe('the kinds that a plan may change', () => {
  it.each(['countersign-proposer', 'countersign-executor'])('are those that the role %s may change', (name) => {
    const role = manifests('rbac.yaml').find(
      (object) => textAt(object, 'kind') === 'ClusterRole' && textAt(object, 'metadata', 'name') === name,
    );
    const granted = (verb: string): readonly string[] =>
      listAt(role, 'rules')
        .filter((rule) => listAt(rule, 'verbs').includes(verb))
        .flatMap((rule) =>
          listAt(rule, 'apiGroups').flatMap((group) => listAt(rule, 'resources').map((plural) => `${group}/${plural}`)),
        );
    for (const verb of ['create', 'patch']) expect([...granted(verb)].sort()).toEqual([...written].sort());
    expect([...granted('delete')].sort()).toEqual([...written, ...deleted].sort());
  });

  it("are those that the executor's policy lets be changed", () => {
    const texts = manifests('guard-policies.yaml')
      .flatMap((object) => listAt(object, 'spec', 'validations'))
      .map((validation) => textAt(validation, 'expression') ?? '');
    const lists = texts.flatMap((text) =>
      [...text.matchAll(/variables\.kind in\s+\[([^\]]+)\]/g)].map(([, list]) =>
        (list ?? '').split(',').map((kind) => kind.trim().slice(1, -1)),
      ),
    );
    expect(lists.map((list) => list.sort())).toEqual([[...written].sort(), [...deleted].sort()]);
  });
});

/** A subPath leads to a place inside a volume that the volume's content decides (CVE-2017-1002101, CVE-2021-25741, CVE-2023-3676). */
import type { Json } from '@countersign/approvals';
import { listAt, textAt } from '../objects/json-at.ts';
import { podContainers } from './pod-containers.ts';
import { brought, type Rule } from './rule.ts';

export const subPath: Rule = {
  code: 'sub-path',
  passes: 'the plan mounts no path inside a volume',
  enforced: 'listed',
  otherwise: 'medium',
  judge: ({ live, after }) => ({ denials: brought(pathsOf(live), pathsOf(after)) }),
};

const pathsOf = (object: Json): readonly string[] =>
  podContainers(object).flatMap(({ label, container }) =>
    listAt(container, 'volumeMounts').flatMap((mount) =>
      [textAt(mount, 'subPath'), textAt(mount, 'subPathExpr')]
        .filter((path) => path !== undefined && path !== '')
        .map((path) => `${label} mounts ${path} of volume "${textAt(mount, 'name') ?? ''}"`),
    ),
  );

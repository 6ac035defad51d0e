/** An older version of the same image: old faults come back. A rollback says so in its name; an image that is set does not. */
import type { Json } from '@countersign/approvals';
import { textAt } from '../objects/json-at.ts';
import { parseImage } from './image-reference.ts';
import { podContainers } from './pod-containers.ts';
import type { Rule } from './rule.ts';

export const imageDowngrade: Rule = {
  code: 'image-downgrade',
  passes: 'no image goes back to an older version',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ operation, live, after }) => {
    if (operation.type === 'rollback') return { denials: [] };
    const before = imagesOf(live);
    return {
      denials: [...imagesOf(after)].flatMap(([label, image]) => {
        const old = before.get(label);
        return old !== undefined && isOlder(image, old) ? [`${label} goes back from ${old} to ${image}`] : [];
      }),
    };
  },
};

const imagesOf = (object: Json): ReadonlyMap<string, string> =>
  new Map(podContainers(object).map(({ label, container }) => [label, textAt(container, 'image') ?? '']));

/** Same name, both tags beginning with a number such as `v1.27.3`, and a smaller number. What cannot be compared is not older. */
function isOlder(image: string, old: string): boolean {
  const [now, then] = [parseImage(image), parseImage(old)];
  if (now === undefined || then === undefined || now.name !== then.name) return false;
  const [a, b] = [versionOf(now.tag), versionOf(then.tag)];
  if (a === undefined || b === undefined) return false;
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [left = 0n, right = 0n] = [a[at], b[at]];
    if (left !== right) return left < right;
  }
  return false;
}

function versionOf(tag: string | null): readonly bigint[] | undefined {
  const found = tag?.match(/^v?(\d{1,20}(?:\.\d{1,20}){0,3})(?![0-9])/)?.[1];
  return found?.split('.').map(BigInt);
}

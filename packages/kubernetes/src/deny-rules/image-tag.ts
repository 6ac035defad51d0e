/**
 * An image without a tag, or with `latest`, names another program tomorrow: what was approved is not what runs. A digest settles it.
 *
 * The exception among the rules: only images that the plan sets or that differ from the live object are denied. A container that the
 * plan leaves alone keeps its image, good or bad; were it denied, no restart or scale could ever help a workload that somebody else
 * tagged badly, and no plan of ours could bring it nearer to a good state. The reviewer is warned instead: new pods pull such an image anew.
 */
import type { Json } from '@countersign/approvals';
import { textAt } from '../objects/json-at.ts';
import { parseImage } from './image-reference.ts';
import { podContainers } from './pod-containers.ts';
import type { Rule } from './rule.ts';

export const imageTag: Rule = {
  code: 'image-tag',
  passes: 'every image that the plan sets has a tag other than latest, or a digest',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ operation, live, after }) => {
    const asked = operation.type === 'set-image' ? [[`the requested image`, operation.image] as const] : [];
    const before = imagesOf(live);
    const results = podContainers(after).map(({ label, list, name, container }) => {
      const image = textAt(container, 'image') ?? '';
      return { label: `the image of ${label}`, image, touched: before.get(`${list}/${name}`) !== image };
    });
    const denials = [
      ...asked.flatMap(([label, image]) => faultOf(label, image)),
      ...results.filter(({ touched }) => touched).flatMap(({ label, image }) => faultOf(label, image)),
    ];
    const warnings = results.filter(({ touched }) => !touched).flatMap(({ label, image }) => faultOf(label, image));
    return {
      denials,
      warnings: warnings.map((fault) => `${fault}; the plan leaves it as it is, but new pods pull it anew`),
    };
  },
};

const imagesOf = (object: Json): ReadonlyMap<string, string> =>
  new Map(
    podContainers(object).map(({ list, name, container }) => [`${list}/${name}`, textAt(container, 'image') ?? '']),
  );

function faultOf(label: string, image: string): readonly string[] {
  const parsed = parseImage(image);
  if (parsed === undefined) return [`${label} is no image reference`];
  if (parsed.digest !== null) return [];
  if (parsed.tag === null) return [`${label} (${image}) has no tag`];
  return parsed.tag === 'latest' ? [`${label} (${image}) has the tag latest`] : [];
}

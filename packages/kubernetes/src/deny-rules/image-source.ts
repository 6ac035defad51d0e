/** Where an image comes from, and whether its name can come to mean another one. Both judge the images that the plan sets, as image-tag does. */
import type { Json, Policy } from '@countersign/approvals';
import { textAt } from '../objects/json-at.ts';
import { parseImage } from './image-reference.ts';
import { podContainers } from './pod-containers.ts';
import type { Rule, RuleFacts, Verdict } from './rule.ts';

export const imageRegistry: Rule = {
  code: 'image-registry',
  passes: 'every image that the plan sets comes from an allowed registry',
  enforced: 'by-key',
  otherwise: 'high',
  isSet: ({ images }) => images?.registries !== undefined,
  judge: (facts) =>
    judged(facts, (image) => (allowed(image, facts.policy) ? undefined : 'is from no allowed registry')),
};

export const imageDigest: Rule = {
  code: 'image-digest',
  passes: 'every image that the plan sets has a digest',
  enforced: 'by-key',
  otherwise: 'high',
  isSet: ({ images }) => images?.digestRequired === true,
  judge: (facts) => judged(facts, (image) => (parseImage(image)?.digest ? undefined : 'has no digest')),
};

function judged({ operation, live, after }: RuleFacts, fault: (image: string) => string | undefined): Verdict {
  const before = imagesOf(live);
  const found = [...imagesOf(after)].flatMap(([label, image]) => {
    const what = fault(image);
    return what === undefined
      ? []
      : [{ touched: before.get(label) !== image, message: `the image of ${label} (${image}) ${what}` }];
  });
  const asked = operation.type === 'set-image' ? fault(operation.image) : undefined;
  return {
    denials: [
      ...(asked === undefined ? [] : [`the requested image ${asked}`]),
      ...found.filter(({ touched }) => touched).map(({ message }) => message),
    ],
    warnings: found.filter(({ touched }) => !touched).map(({ message }) => `${message}; the plan leaves it as it is`),
  };
}

const imagesOf = (object: Json): ReadonlyMap<string, string> =>
  new Map(podContainers(object).map(({ label, container }) => [label, textAt(container, 'image') ?? '']));

/** By whole parts of the path: `ghcr.io/acme` allows `ghcr.io/acme/web`, never `ghcr.io/acme-evil/web`. */
function allowed(image: string, policy: Policy): boolean {
  const name = parseImage(image)?.name;
  if (name === undefined) return false;
  const full = fullName(name);
  return (policy.images?.registries ?? []).some((registry) => full === registry || full.startsWith(`${registry}/`));
}

/** As container runtimes complete it: no registry means docker.io, and there one part means library. */
function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || /[A-Z]/.test(first));
  if (!isHost) return `docker.io/${rest.length === 0 ? 'library/' : ''}${name}`;
  const host = first.toLowerCase() === 'index.docker.io' ? 'docker.io' : first.toLowerCase();
  return `${host}/${host === 'docker.io' && rest.length === 1 ? 'library/' : ''}${rest.join('/')}`;
}

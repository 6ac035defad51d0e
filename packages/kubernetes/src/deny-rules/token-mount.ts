/** A token of the cluster's own API in a pod: what runs there can use the service account's rights. */
import type { Json } from '@countersign/approvals';
import { listAt, objectAt, textAt } from '../objects/json-at.ts';
import { podSpecsOf } from './pod-containers.ts';
import { brought, type Rule } from './rule.ts';

export const tokenMount: Rule = {
  code: 'token-mount',
  passes: 'the plan puts no token into pods',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ live, after }) => {
    const before = podSpecsOf(live);
    const undone = podSpecsOf(after).some(
      (spec, at) => before[at]?.automountServiceAccountToken === false && spec.automountServiceAccountToken !== false,
    );
    return {
      denials: [
        ...brought(tokensOf(live), tokensOf(after)),
        // Absent means mounted, unless the account itself says otherwise.
        ...(undone ? ["the pods no longer go without the service account's token"] : []),
      ],
    };
  },
};

const tokensOf = (object: Json): readonly string[] =>
  podSpecsOf(object).flatMap((spec) => [
    ...(spec.automountServiceAccountToken === true ? ["the service account's token is mounted on request"] : []),
    ...listAt(spec, 'volumes').flatMap((volume) =>
      listAt(volume, 'projected', 'sources')
        .filter((source) => Object.hasOwn(objectAt(source), 'serviceAccountToken'))
        .map((source) => {
          const audience = textAt(source, 'serviceAccountToken', 'audience') ?? 'the API server';
          return `volume "${textAt(volume, 'name') ?? ''}" holds a token for ${audience}`;
        }),
    ),
  ]);

/** The bodies of everything but a delete: what was asked for, our mark, and the preconditions, in one document. */
import { type Json, type OperationLeaves, pointerOf, reveal, type Step } from '@countersign/approvals';
import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import type { ApiRequest } from '../connection/api-request.ts';
import type { ChangeableKind } from '../objects/changeable-kinds.ts';
import { isList, isObject, type JsonObject, objectAt } from '../objects/json-at.ts';
import { manifestIssues } from './manifest-rules.ts';
import { askedOperations, patchIssues } from './patch-rules.ts';

export interface PatchFacts {
  readonly kind: ChangeableKind;
  readonly step: Step;
  readonly leaves: OperationLeaves;
  /** uid and resourceVersion; empty where the object must be absent. */
  readonly preconditions: Readonly<Record<string, string>>;
  readonly mark: Readonly<Record<string, string>>;
}

type Body = NonNullable<ApiRequest['body']>;

/** Throws for an operation that only an intent which was never ours can hold. */
export function patchBody(facts: PatchFacts): Body {
  const { operation } = facts.step;
  const strategic = (document: JsonObject): Body => ({
    contentType: PatchStrategy.StrategicMergePatch,
    json: marked(document, facts),
  });
  switch (operation.type) {
    case 'restart':
      return strategic(inTemplate(facts, { metadata: { annotations: { [RESTARTED_AT]: operation.restartedAt } } }));
    case 'scale':
      return strategic({ spec: { replicas: operation.replicas } });
    case 'set-image':
      // Containers merge by name: the others stay.
      return strategic(
        inTemplate(facts, { spec: { containers: [{ name: operation.container, image: operation.image }] } }),
      );
    case 'label':
      return strategic({ metadata: { labels: operation.labels } });
    case 'annotate':
      return strategic({ metadata: { annotations: operation.annotations } });
    case 'rollback':
      return strategic(inTemplate(facts, { ...revealed(operation.template, facts), $patch: 'replace' }));
    case 'patch':
      return userPatch(operation.patchType, operation.patch, facts);
    case 'apply':
      return applied(operation.manifest, facts);
    case 'delete':
      throw new Error('a delete has no patch');
  }
}

/** What `kubectl rollout restart` sets, too. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

function inTemplate({ kind }: PatchFacts, document: Json): JsonObject {
  if (kind.template === null) throw new Error('the kind has no pod template');
  const nested = kind.template.reduceRight<Json>((inner, member) => ({ [member]: inner }), document);
  return isObject(nested) ? nested : {};
}

/** The document with our part in its metadata, over whatever stands there: nobody else's uid, version or mark gets through. */
const marked = (document: JsonObject, { preconditions, mark }: PatchFacts): JsonObject => ({
  ...document,
  metadata: {
    ...objectAt(document, 'metadata'),
    ...preconditions,
    annotations: { ...objectAt(document, 'metadata', 'annotations'), ...mark },
  },
});

function userPatch(type: 'json' | 'merge' | 'strategic', patch: Json, facts: PatchFacts): Body {
  const asked = isList(patch) ? askedOperations(patch) : patch;
  if (patchIssues(type, asked, facts.kind).length > 0)
    throw new Error('the intent holds a patch that no plan may have');
  if (type === 'json') {
    return {
      contentType: PatchStrategy.JsonPatch,
      json: [...(isList(patch) ? patch : []), ...ownOperations(facts)],
    };
  }
  const contentType = type === 'merge' ? PatchStrategy.MergePatch : PatchStrategy.StrategicMergePatch;
  return { contentType, json: marked(isObject(patch) ? patch : {}, facts) };
}

/** JSON is YAML. `force` is never sent: fields of other managers are a conflict. */
function applied(manifest: JsonObject, facts: PatchFacts): Body {
  const { kind, step } = facts;
  if (manifestIssues(manifest, step.target, kind.template).length > 0)
    throw new Error('the intent holds a manifest that no plan may have');
  return { contentType: PatchStrategy.ServerSideApply, json: marked(revealed(manifest, facts), facts) };
}

/** Last in the list, so that they hold whatever stands before them. */
const ownOperations = ({ preconditions, mark }: PatchFacts): readonly Json[] => [
  ...Object.entries(preconditions).map(([member, value]) => ({
    op: 'replace',
    path: pointerOf(['metadata', member]),
    value,
  })),
  ...Object.entries(mark).map(([key, value]) => ({
    op: 'add',
    path: pointerOf(['metadata', 'annotations', key]),
    value,
  })),
];

function revealed(document: JsonObject, { leaves }: PatchFacts): JsonObject {
  const whole = reveal(document, leaves);
  if (!isObject(whole)) throw new Error('a hidden leaf is not the one that was approved');
  return whole;
}

import { type ChangeRequest, INTENT_STEPS_MAX, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import * as z from 'zod';
import { REPLICAS_MAX } from '../limits.ts';
import { manifestOf } from '../manifests/manifest.ts';
import { PATCH_TYPES, patch, patchOf } from '../manifests/patch.ts';
import { changedKind, containerName, image, namespace, reason, resourceName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

const type = <T extends string>(name: T) => z.literal(name);
const texts = z.record(z.string(), z.string().nullable());

/** As the plan's own operations, with the bounds of the tools that make them one by one. */
const operation = z.discriminatedUnion('type', [
  z.strictObject({ type: type('restart') }),
  z.strictObject({ type: type('scale'), replicas: z.number().int().min(0).max(REPLICAS_MAX) }),
  z.strictObject({ type: type('set-image'), container: containerName, image }),
  z.strictObject({ type: type('rollback'), revision: z.number().int().min(1).nullable().default(null) }),
  z.strictObject({ type: type('label'), labels: texts }),
  z.strictObject({ type: type('annotate'), annotations: texts }),
  z.strictObject({ type: type('patch'), patchType: z.enum(PATCH_TYPES), patch }),
  z.strictObject({ type: type('apply'), manifest: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    type: type('delete'),
    propagation: z.enum(['Background', 'Foreground', 'Orphan']).default('Background'),
    gracePeriodSeconds: z.number().int().min(1).nullable().default(null),
  }),
]);
const changeShape = z.strictObject({ kind: changedKind, namespace, name: resourceName, operation });

export const requestSeveralChanges = defineTool({
  ...REQUEST_TOOL,
  name: 'request_change',
  title: 'Request several changes',
  description: `Requests several changes as one plan that is decided as a whole and runs in order, until the first failure: one step per object, none that needs what an earlier one creates. ${STORES_A_PLAN}`,
  input: z.strictObject({ changes: z.array(changeShape).min(1).max(INTENT_STEPS_MAX), reason }),
  async execute({ changes, reason: why }, call) {
    const checked = checkedDocuments(changes);
    return checked.ok ? requestChanges(checked.value, { reason: why }, call) : checked;
  },
});

/** What of a change is a document passes the same door as in the tools that take one alone. */
function checkedDocuments(changes: readonly z.infer<typeof changeShape>[]): Result<readonly ChangeRequest[], Refusal> {
  const checked: ChangeRequest[] = [];
  for (const [index, { operation: asked, ...target }] of changes.entries()) {
    const at = (issue: string): Result<never, Refusal> =>
      refuse({ code: 'request.invalid', issues: [`changes.${index}.operation: ${issue}`] });
    if (asked.type === 'patch') {
      const read = patchOf(asked.patchType, asked.patch);
      if (!read.ok) return at(read.refusal);
      checked.push({ ...target, operation: { ...asked, patch: read.value } });
    } else if (asked.type === 'apply') {
      const read = manifestOf(asked.manifest, { namespace: target.namespace });
      if (!read.ok) return at(`manifest: ${read.refusal}`);
      // The object that is named is the object that is applied.
      if (read.value.kind !== target.kind || read.value.name !== target.name)
        return at('manifest: it is of another object');
      checked.push({ ...target, operation: { type: 'apply', manifest: read.value.object } });
    } else {
      checked.push({ ...target, operation: asked });
    }
  }
  return pass(checked);
}

import { GRACE_PERIOD_SECONDS_MAX, type Refusal, type Result, refuse } from '@countersign/approvals';
import * as z from 'zod';
import { manifest, manifests } from '../manifests/asked-manifests.ts';
import { type Deletion, deletionsOf } from '../manifests/changes-of-manifests.ts';
import { changedKind, namespace, reason, resourceName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestDeleteManifest = defineTool({
  ...REQUEST_TOOL,
  name: 'request_delete_manifest',
  title: 'Request a deletion',
  description: `Requests the deletion of one object by kind and name, or of the objects of manifests. ${STORES_A_PLAN} It runs only on the very objects that were shown (by uid). There is no deletion by selector, of all, or by force.`,
  input: z.strictObject({
    namespace: namespace.optional().describe('Required with kind and name.'),
    kind: changedKind.optional(),
    name: resourceName.optional(),
    manifest: manifest.optional(),
    manifests: manifests.optional(),
    propagationPolicy: z.enum(['Background', 'Foreground', 'Orphan']).default('Background'),
    gracePeriodSeconds: z
      .number()
      .int()
      .min(1)
      .max(GRACE_PERIOD_SECONDS_MAX)
      .optional()
      .describe("Default: the object's own."),
    reason,
  }),
  async execute({ reason: why, kind, name, propagationPolicy, gracePeriodSeconds, ...asked }, call) {
    const operation: Deletion = {
      type: 'delete',
      propagation: propagationPolicy,
      gracePeriodSeconds: gracePeriodSeconds ?? null,
    };
    const byName = kind !== undefined || name !== undefined;
    if (byName && (asked.manifest !== undefined || asked.manifests !== undefined))
      return invalid('manifest: give either kind and name or manifests');
    if (!byName) {
      const changes = deletionsOf(asked, operation);
      return changes.ok ? requestChanges(changes.value, { reason: why }, call) : changes;
    }
    if (kind === undefined || name === undefined || asked.namespace === undefined)
      return invalid('namespace, kind and name: give all three');
    return requestChanges([{ kind, namespace: asked.namespace, name, operation }], { reason: why }, call);
  },
});

const invalid = (issue: string): Result<never, Refusal> => refuse({ code: 'request.invalid', issues: [issue] });

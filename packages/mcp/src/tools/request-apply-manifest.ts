import * as z from 'zod';
import { manifest, manifests } from '../manifests/asked-manifests.ts';
import { appliesOf } from '../manifests/changes-of-manifests.ts';
import { namespace, reason } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestApplyManifest = defineTool({
  ...REQUEST_TOOL,
  name: 'request_apply_manifest',
  title: 'Request an apply',
  description: `Requests a server-side apply of one or several manifests: objects that are absent are created, others changed, never by force; fields that others own are refused with the owner's name. ${STORES_A_PLAN} Leave out status and what the server sets.`,
  input: z.strictObject({
    manifest: manifest.optional(),
    manifests: manifests.optional(),
    namespace: namespace.optional().describe('For manifests that name none; one that names another is refused.'),
    reason,
  }),
  async execute({ reason: why, ...asked }, call) {
    const changes = appliesOf(asked);
    return changes.ok ? requestChanges(changes.value, { reason: why }, call) : changes;
  },
});

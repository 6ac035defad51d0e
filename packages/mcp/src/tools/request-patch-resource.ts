import { refuse } from '@countersign/approvals';
import * as z from 'zod';
import { patch, patchOf, patchType } from '../manifests/patch.ts';
import { changedKind, namespace, reason, resourceName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestPatchResource = defineTool({
  ...REQUEST_TOOL,
  name: 'request_patch_resource',
  title: 'Request a patch',
  description: `Requests a patch of fields of one object. ${STORES_A_PLAN} Prefer the tool that says what you mean (scale, image, label) where there is one: its risk is lower and easier to judge.`,
  input: z.strictObject({ namespace, kind: changedKind, name: resourceName, patchType, patch, reason }),
  async execute({ kind, namespace: where, name, patchType: type, patch: asked, reason: why }, call) {
    const read = patchOf(type, asked);
    if (!read.ok) return refuse({ code: 'request.invalid', issues: [read.refusal] });
    const operation = { type: 'patch', patchType: type, patch: read.value } as const;
    return requestChanges([{ kind, namespace: where, name, operation }], { reason: why }, call);
  },
});

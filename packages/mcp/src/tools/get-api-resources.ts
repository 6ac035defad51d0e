import { pass } from '@countersign/approvals';
import * as z from 'zod';
import { API_RESOURCES_DEFAULT, API_RESOURCES_MAX, API_RESOURCES_OFFSET_MAX } from '../limits.ts';
import { boundForKind } from './bound-kind.ts';
import { apiGroup, READ_ONLY } from './fields.ts';
import { defineTool } from './tool.ts';

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;

export const getApiResources = defineTool({
  name: 'get_api_resources',
  title: 'List kinds',
  description:
    'Lists the kinds that the cluster serves, CRDs included, by name, with API version, short names and verbs; `unreadable` says why one cannot be read here. Use it to find the kind for list_k8s_resources and get_k8s_resource. The verbs are what the API offers, not what you may do.',
  scopes: ['mcp:read'],
  annotations: { ...READ_ONLY, openWorldHint: true },
  input: z.strictObject({
    apiGroup: apiGroup.optional(),
    namespaced: z.boolean().optional(),
    verbs: z.array(z.enum(VERBS)).max(VERBS.length).default([]).describe('Only kinds that have all of them.'),
    limit: z.number().int().min(1).max(API_RESOURCES_MAX).default(API_RESOURCES_DEFAULT),
    offset: z.number().int().min(0).max(API_RESOURCES_OFFSET_MAX).default(0),
  }),
  output: z.strictObject({
    total: z.number(),
    more: z.string().nullable(),
    untrusted: z.strictObject({ resources: z.array(z.unknown()) }),
  }),
  untrusted: ['untrusted'],
  async execute(input, call) {
    const bound = boundForKind(undefined, call);
    if (!bound.ok) return bound;
    const found = await call.ports.reads.apiResources(input);
    if (!found.ok) return found;
    const { resources, total } = found.value;
    const next = input.offset + resources.length;
    const more =
      next < total ? `${total - next} more; narrow with apiGroup or verbs, or continue with offset ${next}.` : null;
    return pass({
      structured: { total, more, untrusted: { resources: resources.map((resource) => ({ ...resource })) } },
      text: `${resources.length} of ${total} kinds.${more === null ? '' : ` ${more}`}`,
    });
  },
});

import { boundNamespaces, OPERATION_TYPES, pass } from '@countersign/approvals';
import * as z from 'zod';
import { READ_ONLY } from './fields.ts';
import { defineTool } from './tool.ts';

const OPERATIONS = ['read', ...OPERATION_TYPES] as const;

export const getAllowedNamespaces = defineTool({
  name: 'get_allowed_namespaces',
  title: 'List allowed namespaces',
  description:
    'Lists the namespaces that you may use, and what you may do in each (read, restart, scale, set-image, apply, delete and so on). Call it first: every other tool refuses other namespaces. Also answers the name of the cluster and the scopes of your token. Asks no cluster.',
  scopes: ['mcp:read', 'mcp:propose', 'mcp:execute'],
  annotations: { ...READ_ONLY, openWorldHint: false },
  input: z.strictObject({}),
  output: z.strictObject({
    cluster: z.string(),
    scopes: z.array(z.string()),
    namespaces: z.array(z.strictObject({ namespace: z.string(), operations: z.array(z.string()) })),
  }),
  untrusted: [],
  async execute(_input, { principal, ports, config }) {
    const byNamespace = new Map<string, string[]>();
    for (const operation of OPERATIONS) {
      for (const namespace of boundNamespaces(ports.policies.deployed, principal, operation)) {
        byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), operation]);
      }
    }
    const namespaces = [...byNamespace]
      .map(([namespace, operations]) => ({ namespace, operations }))
      .sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
    return pass({
      structured: { cluster: config.cluster, scopes: [...principal.scopes], namespaces },
      text:
        namespaces.length === 0
          ? 'No namespace is bound to you. Ask an operator of this deployment.'
          : `You may use ${namespaces.map((entry) => entry.namespace).join(', ')} in cluster ${config.cluster}.`,
    });
  },
});

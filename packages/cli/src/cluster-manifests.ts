/** infra/cluster as one stream for `kubectl apply -f -`, in the order that is safe. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALWAYS_PROTECTED_NAMESPACES, NAMESPACE_PATTERN } from '@countersign/approvals';
import { parseAllDocuments } from 'yaml';
import { type Answer, badInput } from './answer.ts';

interface Part {
  readonly file: string;
  readonly text: string;
}

/** The guard policies come first: before they stand, the proposer's verbs would be real writes. */
export function clusterManifests(namespaces: readonly string[], output: string | undefined): Answer {
  if (namespaces.length === 0) return badInput('countersign: name at least one namespace with --namespace.');
  for (const namespace of namespaces) {
    if (!NAMESPACE_PATTERN.test(namespace)) {
      return badInput(`countersign: ${JSON.stringify(namespace.slice(0, 80))} is no name of a namespace.`);
    }
    if ((ALWAYS_PROTECTED_NAMESPACES as readonly string[]).includes(namespace)) {
      return badInput(
        `countersign: the namespace ${namespace} is never handed over: whoever can write there owns the cluster, or Countersign itself.`,
      );
    }
  }
  const parts: readonly Part[] = [
    { file: '1-guard-policies.yaml', text: manifest('guard-policies.yaml') },
    { file: '2-rbac.yaml', text: manifest('rbac.yaml') },
    ...[...new Set(namespaces)].map((namespace) => ({
      file: `3-namespace-${namespace}.yaml`,
      text: handedOver(namespace),
    })),
  ];
  if (output === undefined) return { exitCode: 0, out: parts.map(({ text }) => text).join('---\n'), error: '' };
  try {
    mkdirSync(output, { recursive: true });
    for (const { file, text } of parts) writeFileSync(join(output, file), text);
  } catch (problem) {
    const reason = problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown reason';
    return badInput(`countersign: ${output} cannot be written (${reason}).`);
  }
  return { exitCode: 0, out: `${parts.map(({ file }) => join(output, file)).join('\n')}\n`, error: '' };
}

/** managed-namespace.yaml for one namespace; its comments speak of applying it by hand and stay behind. */
function handedOver(namespace: string): string {
  return parseAllDocuments(manifest('managed-namespace.yaml'))
    .map((document) => {
      document.setIn(['metadata', 'namespace'], namespace);
      document.commentBefore = null;
      if (document.contents !== null) document.contents.commentBefore = null;
      return document.toString({ directives: false });
    })
    .join('---\n');
}

function manifest(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../infra/cluster/${name}`, import.meta.url)), 'utf8');
}

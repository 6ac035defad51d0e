/** A tiny tree of our shape with one forbidden import of each kind, in a directory of its own, so that the rules are seen to bite. */
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PACKAGES = ['agents', 'approvals', 'aws', 'cli', 'identity', 'kubernetes', 'local', 'mcp', 'sandbox', 'web'];
const ENTRY = 'export const entry = 1;\nexport type Entry = number;\n';

/** Path -> source. Everything that the design allows: none of these may be reported. */
export const ALLOWED: Readonly<Record<string, string>> = {
  'packages/kubernetes/src/allowed.ts': "import '@countersign/approvals';\nimport '@kubernetes/client-node';\n",
  'packages/aws/src/allowed.ts': "import '@countersign/approvals';\n",
  'packages/agents/src/allowed.ts': "import '@countersign/approvals';\n",
  'packages/identity/src/allowed.ts': "import '@countersign/approvals';\n",
  'packages/mcp/src/allowed.ts':
    "import '@countersign/approvals';\nimport type { Entry } from '@countersign/identity';\nexport const a: Entry = 1;\n",
  'packages/web/src/allowed.ts': "import type { Entry } from '@countersign/identity';\nexport const a: Entry = 1;\n",
  'packages/web/src/allowed.test.ts': "import '@countersign/aws';\nimport '@countersign/identity';\n",
  'packages/kubernetes/src/testing/allowed.ts': "import '@countersign/sandbox';\n",
  'packages/local/src/allowed.ts':
    "import '@countersign/sandbox';\nimport '@countersign/aws';\nimport '@countersign/functions/mcp';\nimport '@countersign/functions/mcp/environment';\n",
  'packages/cli/src/allowed.ts': "import '@countersign/kubernetes';\n",
  'packages/approvals/src/allowed.ts': "import 'node:crypto';\n",
  'functions/mcp/allowed.ts':
    "import '@countersign/mcp';\nimport '@countersign/kubernetes';\nimport type { Shape } from '../propose/shape.ts';\nexport const a: Shape = 1;\n",
  'infra/allowed.ts': "import '@countersign/functions/mcp/environment';\n",
  'test/allowed.ts': "import '@countersign/aws';\nimport '@countersign/functions/mcp';\n",
  'packages/aws/src/types-may-circle.ts': "import type { B } from './types-may-circle-too.ts';\nexport type A = B;\n",
  'packages/aws/src/types-may-circle-too.ts':
    "import type { A } from './types-may-circle.ts';\nexport type B = A | 1;\n",
};

/** Path -> the rule that must report it, and the source. */
export const PLANTED: Readonly<Record<string, readonly [rule: string, source: string]>> = {
  'packages/approvals/src/imports-an-adapter.ts': ['approvals-imports-only', "import '@countersign/aws';\n"],
  'packages/approvals/src/does-io.ts': ['core-is-pure', "import 'node:fs';\n"],
  'packages/agents/src/does-io.ts': ['agents-are-pure', "import 'node:http';\n"],
  'packages/agents/src/imports-an-adapter.ts': ['agents-imports-only', "import '@countersign/kubernetes';\n"],
  'packages/kubernetes/src/adapter-to-adapter.ts': ['kubernetes-imports-only', "import '@countersign/aws';\n"],
  'packages/aws/src/adapter-to-adapter.ts': ['aws-imports-only', "import '@countersign/kubernetes';\n"],
  'packages/identity/src/adapter-to-adapter.ts': ['identity-imports-only', "import '@countersign/aws';\n"],
  'packages/aws/src/type-of-an-adapter.ts': [
    'aws-imports-only',
    "import type { Entry } from '@countersign/identity';\nexport const a: Entry = 1;\n",
  ],
  'packages/mcp/src/imports-an-adapter.ts': ['mcp-imports-only', "import '@countersign/kubernetes';\n"],
  'packages/web/src/imports-an-adapter.ts': ['web-imports-only', "import '@countersign/aws';\n"],
  'packages/mcp/src/runs-identity.ts': [
    'mcp-takes-types-of-identity-only',
    "import { entry } from '@countersign/identity';\nexport const a = entry;\n",
  ],
  'packages/web/src/runs-identity.ts': [
    'web-takes-types-of-identity-only',
    "import { entry } from '@countersign/identity';\nexport const a = entry;\n",
  ],
  'packages/web/src/imports-mcp.ts': ['web-imports-only', "import '@countersign/mcp';\n"],
  'packages/sandbox/src/imports-ours.ts': ['sandbox-imports-only', "import '@countersign/approvals';\n"],
  'packages/local/src/imports-infra.ts': ['local-imports-only', "import '../../../infra/stack.ts';\n"],
  'packages/cli/src/imports-local.ts': ['cli-imports-only', "import '@countersign/local';\n"],
  'packages/stranger/src/index.ts': ['package-without-a-rule', "import '@countersign/approvals';\n"],
  'packages/kubernetes/src/deep-by-path.ts': ['kubernetes-imports-only', "import '../../approvals/src/deep.ts';\n"],
  'packages/local/src/deep-into-functions.ts': [
    'local-imports-only',
    "import '../../../functions/propose/shape.ts';\n",
  ],
  'packages/kubernetes/src/deep-by-name.ts': ['no-unresolvable', "import '@countersign/approvals/src/deep.ts';\n"],
  'packages/kubernetes/src/undeclared.ts': ['no-undeclared', "import 'left-pad';\n"],
  'packages/kubernetes/src/development-only.ts': ['no-dev-dependency-in-the-product', "import 'right-pad';\n"],
  'packages/aws/src/kubernetes-client.ts': ['kubernetes-client-in-one-place', "import '@kubernetes/client-node';\n"],
  'functions/mcp/kubernetes-client.test.ts': ['kubernetes-client-in-one-place', "import '@kubernetes/client-node';\n"],
  'functions/mcp/imports-local.ts': ['functions-imports-only', "import '@countersign/local';\n"],
  'functions/mcp/runs-another.ts': ['function-to-function', "import '../propose/handler.ts';\n"],
  'infra/imports-a-handler.ts': ['infra-imports-only', "import '@countersign/functions/mcp';\n"],
  'infra/imports-a-package.ts': ['infra-imports-only', "import '@countersign/approvals';\n"],
  'packages/aws/src/imports-a-test.ts': ['no-test-code-in-the-product', "import './testing/store.ts';\n"],
  'packages/aws/src/circle-begins.ts': [
    'no-cycles',
    "import { b } from './circle-returns.ts';\nexport const a = () => b;\n",
  ],
  'packages/identity/src/beyond.test.ts': ['tests-of-identity-imports-only', "import '@countersign/aws';\n"],
  'packages/aws/src/deep.test.ts': ['tests-of-aws-imports-only', "import '../../approvals/src/deep.ts';\n"],
  'test/deep.ts': ['tests-across-packages-by-entries', "import '../packages/aws/src/deep.ts';\n"],
};

/** @returns the directory; whoever asked for it removes it */
export function plantTree(root: string): string {
  const tree = mkdtempSync(join(tmpdir(), 'countersign-planted-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(root, file), join(tree, file));
  write('package.json', JSON.stringify({ name: 'planted', private: true, type: 'module' }));
  mkdirSync(join(tree, 'node_modules/@countersign'), { recursive: true });
  const link = (name: string, home: string): void =>
    symlinkSync(join(tree, home), join(tree, 'node_modules/@countersign', name));
  for (const name of [...PACKAGES, 'stranger']) {
    write(`packages/${name}/package.json`, JSON.stringify(manifest(`@countersign/${name}`, './src/index.ts')));
    write(`packages/${name}/src/index.ts`, ENTRY);
    write(`packages/${name}/src/deep.ts`, ENTRY);
    link(name, `packages/${name}`);
  }
  write(
    'functions/package.json',
    JSON.stringify(
      manifest('@countersign/functions', { './*/environment': './*/environment.ts', './*': './*/handler.ts' }),
    ),
  );
  link('functions', 'functions');
  for (const name of ['mcp', 'propose'])
    for (const part of ['handler', 'environment']) write(`functions/${name}/${part}.ts`, ENTRY);
  write('functions/propose/shape.ts', 'export type Shape = number;\n');
  write('infra/package.json', JSON.stringify(manifest('@countersign/infra', './stack.ts')));
  write('infra/stack.ts', ENTRY);
  write('packages/aws/src/testing/store.ts', ENTRY);
  write('packages/aws/src/circle-returns.ts', "import { a } from './circle-begins.ts';\nexport const b = () => a;\n");
  for (const name of ['@kubernetes/client-node', 'left-pad', 'right-pad']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', exports: './index.js' }));
    write(`node_modules/${name}/index.js`, 'export {};\n');
  }
  for (const [path, source] of Object.entries(ALLOWED)) write(path, source);
  for (const [path, [, source]] of Object.entries(PLANTED)) write(path, source);
  return tree;
}

/** Declares everything but left-pad; sandbox and right-pad for development alone. */
function manifest(name: string, exports: unknown): object {
  const dependencies = Object.fromEntries(
    [...PACKAGES, 'functions'].filter((ours) => ours !== 'sandbox').map((ours) => [`@countersign/${ours}`, '*']),
  );
  const local = name === '@countersign/local' ? { '@countersign/sandbox': '*' } : {};
  return {
    name,
    version: '1.0.0',
    private: true,
    type: 'module',
    exports,
    dependencies: { ...dependencies, ...local, '@kubernetes/client-node': '1.0.0' },
    ...(name === '@countersign/kubernetes'
      ? { devDependencies: { '@countersign/sandbox': '*', 'right-pad': '1.0.0' } }
      : {}),
  };
}

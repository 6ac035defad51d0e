/**
 * Who may import whom: the import table of the design, as rules. Whatever is not allowed here is forbidden.
 *
 * Product code and tests are held apart. A test file is `*.test.ts(x)`, is named `test-*.ts(x)` or lies in a folder `testing`; beside what
 * its package may import, it may import what TESTS_MAY lists, exactly that. `test/` at the root crosses packages and may import any package's entry.
 */
const TEST_FILE = '(\\.test\\.tsx?$|/test-[^/]+\\.tsx?$|/testing/)';

/** Package -> the packages of ours that its product code may import. Nobody else's entry, and nothing past an entry. */
const MAY = {
  approvals: [],
  sandbox: [],
  kubernetes: ['approvals'],
  aws: ['approvals'],
  identity: ['approvals'],
  agents: ['approvals'],
  mcp: ['approvals', 'identity'],
  web: ['approvals', 'identity'],
  local: ['approvals', 'kubernetes', 'aws', 'identity', 'mcp', 'web', 'agents', 'sandbox', 'functions'],
  cli: ['approvals', 'kubernetes', 'aws', 'identity', 'mcp', 'web', 'agents', 'sandbox', 'functions'],
};

/** Package -> what its tests may import besides: the other side of a port, for real. */
const TESTS_MAY = {
  /** The adapter against the in-process API server. */
  kubernetes: ['sandbox'],
  /** The endpoint and the pages over the real store. */
  mcp: ['aws'],
  web: ['aws'],
};

/** The entry of a package; of `functions` each handler, each environment and the platform that handlers are created with. */
const ENTRY = {
  functions: '^functions/([^/]+/(handler|environment)|platform)\\.ts$',
};
const entryOf = (name) => ENTRY[name] ?? `^packages/${name}/src/index\\.ts$`;
const homeOf = (name) => (name === 'functions' ? '^functions/' : `^packages/${name}/`);
const NOT_OURS = '^(packages|functions|infra|test)/';

const onlyAllowed = (name, allowed, tests) => ({
  name: `${tests ? 'tests-of-' : ''}${name}-imports-only`,
  comment:
    `${tests ? 'The tests of ' : ''}${name} may import of ours: ${allowed.join(', ') || 'nothing'}, by their entries. ` +
    'The table is MAY in .dependency-cruiser.cjs.',
  severity: 'error',
  from: tests ? { path: `${homeOf(name)}.*${TEST_FILE}` } : { path: homeOf(name), pathNot: TEST_FILE },
  to: { path: NOT_OURS, pathNot: [homeOf(name), ...allowed.map(entryOf)] },
});

const typesOnly = (name) => ({
  name: `${name}-takes-types-of-identity-only`,
  comment: `${name} owns its ports: functions/${name} hands it the verifier and the sessions of packages/identity.`,
  severity: 'error',
  from: { path: homeOf(name), pathNot: TEST_FILE },
  to: { path: homeOf('identity'), dependencyTypesNot: ['type-only'] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(MAY).flatMap(([name, allowed]) => [
      onlyAllowed(name, allowed, false),
      onlyAllowed(name, [...allowed, ...(TESTS_MAY[name] ?? [])], true),
    ]),
    typesOnly('mcp'),
    typesOnly('web'),
    {
      name: 'package-without-a-rule',
      comment: 'A new package needs its line in the table above before it may import anything of ours.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(${Object.keys(MAY).join('|')})/` },
      to: { path: NOT_OURS },
    },
    onlyAllowed('functions', ['approvals', 'kubernetes', 'aws', 'identity', 'mcp', 'web', 'agents'], false),
    {
      name: 'function-to-function',
      comment:
        'One folder is one Lambda and one IAM role: what two functions share lies beside the folders. The type of the event that one ' +
        'invokes another with is a fact of both.',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/[^/]+/', pathNot: '^functions/$1/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'infra-imports-only',
      comment: "infra reads each function's environment schema, and nothing that runs.",
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: NOT_OURS, pathNot: ['^infra/', '^functions/[^/]+/environment\\.ts$'] },
    },
    {
      name: 'tests-across-packages-by-entries',
      comment: 'test/ uses packages as their users do: by their entries.',
      severity: 'error',
      from: { path: '^test/' },
      to: { path: NOT_OURS, pathNot: ['^test/', '^packages/[^/]+/src/index\\.ts$', ENTRY.functions] },
    },
    {
      name: 'no-test-code-in-the-product',
      comment: 'What is made for tests must not run in a deployment.',
      severity: 'error',
      from: { path: '^(packages|functions|infra)/', pathNot: TEST_FILE },
      to: { path: [TEST_FILE, '^test/'] },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no first thing to read. Types may refer to each other: they are gone when anything runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'kubernetes-client-in-one-place',
      comment:
        'Its error messages hold response bodies and headers: packages/kubernetes translates them and nobody else sees one.',
      severity: 'error',
      from: { pathNot: '^packages/kubernetes/' },
      to: { path: '(^|/)node_modules/@kubernetes/client-node' },
    },
    {
      name: 'core-is-pure',
      comment: 'The core does no I/O and knows no clock: of Node it uses hashing alone.',
      severity: 'error',
      from: { path: '^packages/approvals/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'agents-are-pure',
      comment: 'Observer and planner touch the world through their ports alone.',
      severity: 'error',
      from: { path: '^packages/agents/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-unresolvable',
      comment:
        "A path past a package's exports, or a dependency that is not installed. Of aws-lambda there are the types alone.",
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
    {
      name: 'no-undeclared',
      comment:
        "Every package names what it imports in its own package.json; a hoisted neighbour's dependency is luck. Tests take vitest and fast-check from the root.",
      severity: 'error',
      from: { path: '^(packages|functions|infra)/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependency-in-the-product',
      comment: 'Development dependencies are not in the bundle.',
      severity: 'error',
      from: { path: '^(packages|functions)/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    combinedDependencies: false,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};

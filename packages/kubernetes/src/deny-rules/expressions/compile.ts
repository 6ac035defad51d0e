/**
 * A policy's expression, made ready once. The language is CEL with the functions named here and nothing else: no regular expression (its
 * time grows without bound with a hostile text), no binding (which doubles a text as often as it is written), no clock, nothing of ours.
 */
import { Environment } from '@marcbachmann/cel-js';
import { EXPRESSION_LOOPS_NESTED_MAX, EXPRESSION_NODES_MAX } from '../../limits.ts';
import type { CelValue } from './values.ts';

export const EXPRESSION_VARIABLES = ['object', 'oldObject', 'operation', 'target', 'requester'] as const;
export type ExpressionInput = Readonly<Record<(typeof EXPRESSION_VARIABLES)[number], CelValue>>;

export interface Expression {
  readonly nodes: number;
  readonly loopsNested: number;
  /** How many lists the expression may put together: their lengths add up. */
  readonly joins: number;
  /** Throws whatever the library throws. */
  evaluate(input: ExpressionInput): unknown;
}

const LOOPS = ['all', 'exists', 'exists_one', 'map', 'filter'];
export const EXPRESSION_FUNCTIONS: readonly string[] = [
  ...LOOPS,
  'has',
  'size',
  'startsWith',
  'endsWith',
  'contains',
  'lowerAscii',
  'trim',
  'int',
  'double',
  'string',
  'bool',
  'orValue',
  'hasValue',
];

const ENVIRONMENT = EXPRESSION_VARIABLES.reduce(
  (environment, name) => environment.registerVariable(name, 'dyn'),
  new Environment({
    enableOptionalTypes: true,
    limits: {
      maxAstNodes: EXPRESSION_NODES_MAX,
      maxDepth: 50,
      maxListElements: 100,
      maxMapEntries: 100,
      maxCallArguments: 8,
    },
  }),
);

/** Or a sentence that says why the text is no expression. */
export function compile(text: string): Expression | { readonly fault: string } {
  try {
    const parsed = ENVIRONMENT.parse(text);
    const size = measure(parsed.ast);
    if (size.unknown !== undefined) return { fault: `the function ${size.unknown} is not offered` };
    if (size.loopsNested > EXPRESSION_LOOPS_NESTED_MAX) {
      return { fault: `more than ${EXPRESSION_LOOPS_NESTED_MAX} loops within each other` };
    }
    const checked = parsed.check();
    if (!checked.valid) return { fault: firstLine(checked.error) };
    if (checked.type !== 'bool' && checked.type !== 'dyn') return { fault: `it gives ${checked.type}, not bool` };
    return { ...size, evaluate: (input) => parsed({ ...input }) };
  } catch (error) {
    return { fault: firstLine(error) };
  }
}

/** The library's words on the policy's own text: nothing of the cluster is in them. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : 'it cannot be read').split('\n')[0] ?? '';

interface Measure {
  readonly nodes: number;
  readonly loopsNested: number;
  readonly joins: number;
  readonly unknown: string | undefined;
}

function measure(ast: unknown): Measure {
  let [nodes, loopsNested, joins] = [0, 0, 0];
  let unknown: string | undefined;
  const walk = (value: unknown, loops: number): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, loops);
    if (!isNode(value)) return;
    nodes += 1;
    loopsNested = Math.max(loopsNested, loops);
    if (value.op === '+') joins += 1;
    if (value.op !== 'call' && value.op !== 'rcall') {
      walk(value.args, loops);
      return;
    }
    // `name(arguments)` or `receiver.name(arguments)`: a loop goes through its receiver once, and through its arguments each time.
    const [name, ...rest] = value.args as readonly [string, ...unknown[]];
    if (!EXPRESSION_FUNCTIONS.includes(name)) unknown ??= name;
    const inner = rest.pop();
    walk(rest, loops);
    walk(inner, LOOPS.includes(name) ? loops + 1 : loops);
  };
  walk(ast, 0);
  return { nodes, loopsNested, joins, unknown };
}

const isNode = (value: unknown): value is { readonly op: string; readonly args: unknown } =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

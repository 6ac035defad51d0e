import { isRecord } from '../json/record.ts';

/**
 * The values at one of the JSON paths that printer columns use: `.spec.replicas`, `.metadata.annotations['a.b/c']`, `.list[0]`, `.list[*].name`,
 * `.status.conditions[?(@.type=="Ready")].status`. A path that cannot be read has no values.
 */
export function jsonPath(root: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [root];
  let rest = path;
  while (rest !== '') {
    const step = steps.find(({ pattern }) => pattern.test(rest));
    const match = step?.pattern.exec(rest);
    if (step === undefined || match === null || match === undefined) return [];
    values = values.flatMap((value) => step.take(value, match));
    rest = rest.slice(match[0].length);
  }
  return values;
}

interface PathStep {
  readonly pattern: RegExp;
  readonly take: (value: unknown, match: RegExpExecArray) => readonly unknown[];
}

const member = (value: unknown, name: string): readonly unknown[] =>
  isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : [];

const steps: readonly PathStep[] = [
  { pattern: /^\.((?:[\w-]|\\.)+)/, take: (value, [, name = '']) => member(value, name.replaceAll('\\', '')) },
  { pattern: /^\[['"]([^'"]*)['"]\]/, take: (value, [, name = '']) => member(value, name) },
  {
    pattern: /^\[(\d+)\]/,
    take: (value, [, index = '']) => (Array.isArray(value) ? value.slice(Number(index), Number(index) + 1) : []),
  },
  {
    pattern: /^\[\*\]|^\.\*/,
    take: (value) => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []),
  },
  {
    pattern: /^\[\?\(\s*@\.([\w.-]+)\s*==\s*['"]([^'"]*)['"]\s*\)\]/,
    take: (value, [, path = '', wanted = '']) =>
      Array.isArray(value) ? value.filter((one) => String(jsonPath(one, `.${path}`)[0]) === wanted) : [],
  },
];

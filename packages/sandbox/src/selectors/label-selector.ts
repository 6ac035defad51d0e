import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { StatusError } from '../store/status-error.ts';
import { labelValueRule, qualifiedName } from '../validation/name-rules.ts';

export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

interface Requirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
  readonly values: readonly string[];
}

/**
 * A label selector as it stands in a query: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. Throws BadRequest where it cannot be read.
 */
export function parseLabelSelector(text: string): LabelMatcher {
  const requirements = splitRequirements(text).map(parseRequirement);
  return (labels) => requirements.every((requirement) => satisfies(requirement, labels));
}

/** A selector as it stands in an object (matchLabels, matchExpressions); undefined where it is malformed. */
export function parseLabelSelectorObject(selector: JsonRecord): LabelMatcher | undefined {
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(recordAt(selector, 'matchLabels') ?? {})) {
    requirements.push({ key, operator: 'in', values: [String(value)] });
  }
  for (const expression of listAt(selector, 'matchExpressions')) {
    if (!isRecord(expression)) return undefined;
    const operator = objectOperators[stringAt(expression, 'operator') ?? ''];
    const key = stringAt(expression, 'key');
    if (operator === undefined || key === undefined) return undefined;
    requirements.push({ key, operator, values: listAt(expression, 'values').map(String) });
  }
  return (labels) => requirements.every((requirement) => satisfies(requirement, labels));
}

export function isEmptySelector(selector: JsonRecord): boolean {
  return (
    Object.keys(recordAt(selector, 'matchLabels') ?? {}).length === 0 &&
    listAt(selector, 'matchExpressions').length === 0
  );
}

const objectOperators: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/** Splits at commas outside parentheses. */
function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(current);
      current = '';
    } else {
      current += character;
    }
  }
  parts.push(current);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const setPattern = /^([^\s!=<>(),]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const comparisonPattern = /^([^\s!=<>(),]+)\s*(==|=|!=|>|<)\s*([^\s!=<>(),]*)$/;
const presencePattern = /^(!?)\s*([^\s!=<>(),]+)$/;

function parseRequirement(text: string): Requirement {
  const set = setPattern.exec(text);
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return checked(text, { key: set[1] ?? '', operator: set[2] === 'in' ? 'in' : 'notin', values });
  }
  const comparison = comparisonPattern.exec(text);
  if (comparison !== null) {
    const operators = { '=': 'in', '==': 'in', '!=': 'notin', '>': 'gt', '<': 'lt' } as const;
    const operator = operators[comparison[2] as keyof typeof operators];
    return checked(text, { key: comparison[1] ?? '', operator, values: [comparison[3] ?? ''] });
  }
  const presence = presencePattern.exec(text);
  if (presence === null) throw unreadable(text, 'unexpected form');
  return checked(text, { key: presence[2] ?? '', operator: presence[1] === '!' ? '!' : 'exists', values: [] });
}

function checked(text: string, requirement: Requirement): Requirement {
  const wrong =
    qualifiedName(requirement.key) ?? requirement.values.map(labelValueRule).find((one) => one !== undefined);
  if (wrong !== undefined) throw unreadable(text, wrong);
  return requirement;
}

function unreadable(text: string, why: string): StatusError {
  return new StatusError('BadRequest', `unable to parse requirement: ${text.slice(0, 200)}: ${why}`);
}

function satisfies({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
      return value !== undefined && Number.parseInt(value, 10) > Number.parseInt(values[0] ?? '', 10);
    case 'lt':
      return value !== undefined && Number.parseInt(value, 10) < Number.parseInt(values[0] ?? '', 10);
  }
}

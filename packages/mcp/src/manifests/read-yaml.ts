/**
 * YAML -> documents as JSON. What YAML has beyond JSON is refused by name: aliases (a small text that becomes a large object), duplicate
 * keys, tags, and words that YAML 1.1, which kubectl reads, takes for something else than YAML 1.2 does.
 */
import { pass, type Result, refuse } from '@countersign/approvals';
import { type Document, isAlias, isMap, isScalar, parseAllDocuments, Scalar, visit } from 'yaml';
import { DOCUMENT_DEPTH_MAX, YAML_CHARACTERS_MAX, YAML_DOCUMENTS_MAX } from '../limits.ts';

/** Issues name the document, from 1, and the line; never what stands there. */
export function readYaml(text: string): Result<readonly unknown[], string> {
  if (text.length > YAML_CHARACTERS_MAX) return refuse(`it is longer than ${YAML_CHARACTERS_MAX} characters`);
  if (tooDeep(text)) return refuse(`it is nested deeper than ${DOCUMENT_DEPTH_MAX} levels`);
  // %YAML and %TAG would change what every later line means.
  if (/^%/m.test(text)) return refuse('directives are not taken');
  const parsed = parseAllDocuments(text, { version: '1.2', schema: 'core', uniqueKeys: true, merge: false });
  if (parsed.length > YAML_DOCUMENTS_MAX) return refuse(`it has more than ${YAML_DOCUMENTS_MAX} documents`);
  const values: unknown[] = [];
  for (const [index, document] of parsed.entries()) {
    const issue = issueOf(document);
    if (issue !== undefined) return refuse(`document ${index + 1}: ${issue}`);
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    if (value !== null) values.push(value);
  }
  return pass(values);
}

function issueOf(document: Document.Parsed): string | undefined {
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const line = fault.linePos?.[0].line;
    const what = fault.code === 'DUPLICATE_KEY' ? 'a key is there twice' : 'it is no YAML that is understood here';
    return line === undefined ? what : `${what} (line ${line})`;
  }
  let issue: string | undefined;
  visit(document, (_key, node) => {
    if (isAlias(node)) issue = 'anchors and aliases are not taken; write it out';
    else if (isMap(node))
      issue = node.items.every(({ key }) => isTextKey(key)) ? undefined : 'a key is no plain text; quote it';
    else if (isScalar(node)) issue = ambiguity(node);
    if (issue === undefined && hasTag(node)) issue = 'tags are not taken';
    return issue === undefined ? undefined : visit.BREAK;
  });
  return issue;
}

/** `<<` is a merge to kubectl and a text to YAML 1.2. */
const isTextKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'string' && key.source !== '<<';

/** `0644` is 420 to kubectl and 644 to YAML 1.2; `no` is false to kubectl and a text to YAML 1.2. */
function ambiguity(scalar: Scalar): string | undefined {
  if (scalar.type !== Scalar.PLAIN || scalar.source === undefined) return undefined;
  if (/^(y|n|yes|no|on|off)$/i.test(scalar.source))
    return 'yes, no, on and off are ambiguous; write true or false, or quote it';
  if (/^[-+]?(0[0-9_]+|[0-9]+_[0-9_]*)$/.test(scalar.source))
    return 'a number with a leading zero or with _ is ambiguous; write it in plain decimal, or quote it';
  return undefined;
}

/** The parser gives no node a tag of its own: `!!str` and the like are what somebody wrote. */
const hasTag = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && 'tag' in node && node.tag !== undefined;

/** Before the parser, which recurses: brackets, and the columns at which block items begin, bound the depth from above. */
function tooDeep(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '[' || character === '{') open += 1;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > DOCUMENT_DEPTH_MAX) return true;
  }
  // `- - - -` nests on one line.
  return text
    .split('\n')
    .some((line) => (line.match(/^\s*((?:[-?:]\s+)+)/)?.[1]?.match(/[-?:]/g)?.length ?? 0) > DOCUMENT_DEPTH_MAX);
}

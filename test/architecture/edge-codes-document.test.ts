/** docs/errors.md names the codes of the two edges too; the core's own are held to it in packages/approvals. */
import { readFileSync } from 'node:fs';
import { EDGE_CODES } from '@countersign/mcp';
import { API_CODES } from '@countersign/web';
import { expect, it } from 'vitest';

const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

it.each([
  ["Refusals at the endpoint's edge", EDGE_CODES],
  ["Refusals of the pages' JSON API", API_CODES],
])('docs/errors.md lists under "%s" all codes, no others, sorted', (title, codes) => {
  const [, rest = ''] = document.split(`\n## ${title}\n`);
  const [section = ''] = rest.split('\n## ');
  const listed = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code);
  expect(listed).toEqual([...codes].sort());
});

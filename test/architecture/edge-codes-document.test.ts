/** docs/errors.md names the codes of the endpoint's edge too; the core's own are held to it in packages/approvals. */
import { readFileSync } from 'node:fs';
import { EDGE_CODES } from '@countersign/mcp';
import { expect, it } from 'vitest';

it("docs/errors.md lists the codes of the endpoint's edge, all of them, no others, sorted", () => {
  const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const [, section = ''] = document.split("\n## Refusals at the endpoint's edge\n");
  const listed = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code);
  expect(listed).toEqual([...EDGE_CODES].sort());
});

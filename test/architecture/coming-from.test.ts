/** docs/coming-from: every row's test exists, and every tool that it names as ours is one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../docs/coming-from/', import.meta.url);
const TOOLS = new URL('../../docs/tools.md', import.meta.url);
const toolNames = new Set([...readFileSync(TOOLS, 'utf8').matchAll(/^\| `([a-z0-9_]+)` \|/gm)].map(([, name]) => name));
const documents = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
const rowsOf = (name: string): readonly (readonly string[])[] =>
  readFileSync(new URL(name, FOLDER), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| theirs'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()));

describe.each(documents)('docs/coming-from/%s', (name) => {
  const rows = rowsOf(name);

  it('has rows of three cells, each with a test that exists or the word none', () => {
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      expect(row, row.join(' | ')).toHaveLength(3);
      const paths = [...(row[2] ?? '').matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path ?? '');
      if (row[2] !== 'none') expect(paths.length, row[0]).toBeGreaterThan(0);
      for (const path of paths) expect(existsSync(new URL(path, FOLDER)), path).toBe(true);
    }
  });

  it('names as ours only tools that are served', () => {
    const named = rows.flatMap((row) => [
      ...(row[1] ?? '').matchAll(/`((?:get|list|request|propose|execute|wait|cancel|can)_[a-z0-9_]+)`/g),
    ]);
    for (const [, tool] of named) expect(toolNames, tool).toContain(tool);
  });
});

/** The dependency rules are the design's import table, they bite, and the tree keeps them. A rule that cruises nothing is green too, so both are shown. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOWED, PLANTED, plantTree } from './planted-tree.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const FOLDERS = ['packages', 'functions', 'infra', 'test'];
const OUTPUT_BYTES_MAX = 200_000_000;

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

async function cruise(directory: string): Promise<Cruise> {
  const args = [CRUISER, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: directory, maxBuffer: OUTPUT_BYTES_MAX });
  return JSON.parse(stdout) as Cruise;
}

describe('the dependency rules', () => {
  let tree = '';
  let planted: Cruise;
  const reported = (path: string) =>
    planted.summary.violations.filter(({ from }) => from === path).map(({ rule }) => rule.name);

  beforeAll(async () => {
    tree = plantTree(ROOT);
    planted = await cruise(tree);
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it.each(Object.entries(PLANTED).map(([path, [rule]]) => [path, rule] as const))(
    'report %s by the rule %s',
    (path, rule) => {
      expect(reported(path)).toContain(rule);
    },
  );

  it.each(Object.keys(ALLOWED))('let %s pass', (path) => {
    expect(reported(path)).toEqual([]);
  });

  it('report nothing else in the planted tree', () => {
    const expected = new Set(Object.keys(PLANTED));
    expect(planted.summary.violations.filter(({ from }) => !expected.has(from))).toEqual([]);
  });
});

describe('the tree', () => {
  it('keeps the rules, seen over more than a hundred modules', async () => {
    const { summary } = await cruise(ROOT);
    expect(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(100);
  });
});

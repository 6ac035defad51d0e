import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openDataDirectory } from './data-directory.ts';
import { isStartRefusal } from './start-refusal.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-data-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (problem) {
    if (isStartRefusal(problem)) return problem.message;
    throw problem;
  }
  throw new Error('was not refused');
}

describe('the data directory', () => {
  test('is created 0700 with files 0600, and one that was readable by others is closed', () => {
    const path = join(root, 'deep', 'data');
    const data = openDataDirectory(path);
    data.secret('session', 32);
    data.document('note', z.string()).write('x');
    data.release();
    expect([path, join(path, 'secrets'), join(path, 'secrets', 'session'), join(path, 'note.json')].map(mode)).toEqual([
      0o700, 0o700, 0o600, 0o600,
    ]);
    chmodSync(path, 0o755);
    openDataDirectory(path).release();
    expect(mode(path)).toBe(0o700);
  });

  test('keeps a secret across restarts and makes different ones for different names', () => {
    const first = openDataDirectory(root);
    const [a, b] = [first.secret('a', 32), first.secret('b', 32)];
    first.release();
    const second = openDataDirectory(root);
    expect(second.secret('a', 32).equals(a)).toBe(true);
    expect(a.equals(b)).toBe(false);
    second.release();
  });

  test('refuses a secret that was cut short instead of using it', () => {
    const data = openDataDirectory(root);
    data.secret('a', 32);
    writeFileSync(join(root, 'secrets', 'a'), 'short');
    expect(refusalOf(() => data.secret('a', 32))).toContain('damaged');
    data.release();
  });

  test('refuses a document that is cut or of another shape, and answers undefined for one never written', () => {
    const data = openDataDirectory(root);
    const document = data.document('position', z.strictObject({ at: z.number() }));
    expect(document.read()).toBeUndefined();
    document.write({ at: 7 });
    expect(document.read()).toEqual({ at: 7 });
    for (const damaged of ['{"at":', '{"at":"7"}', '']) {
      writeFileSync(data.file('position.json'), damaged);
      expect(refusalOf(() => document.read())).toContain('damaged');
    }
    data.release();
  });

  test.each(['../outside', 'a/b', '', '.hidden', 'UPPER', 'nul\0'])('refuses the name %j', (name) => {
    const data = openDataDirectory(root);
    expect(() => data.file(name)).toThrow('not a name');
    expect(() => data.secret(name, 32)).toThrow('not a name');
    data.release();
  });

  test('refuses a file and a symbolic link in the place of the directory', () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync(tmpdir(), join(root, 'link'));
    expect(refusalOf(() => openDataDirectory(join(root, 'file')))).toContain('--data');
    expect(refusalOf(() => openDataDirectory(join(root, 'link')))).toContain('not a directory');
  });
});

describe('the lock of the data directory', () => {
  test('refuses a second instance, names the first, and lets one in after its release', () => {
    const first = openDataDirectory(root);
    expect(refusalOf(() => openDataDirectory(root))).toContain(`process ${process.pid}`);
    first.release();
    openDataDirectory(root).release();
  });

  test('is free again after its holder was killed', async () => {
    const script = `import { openDataDirectory } from ${JSON.stringify(join(import.meta.dirname, 'data-directory.ts'))};
      openDataDirectory(${JSON.stringify(root)}); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(refusalOf(() => openDataDirectory(root))).toContain(`process ${holder.pid}`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    openDataDirectory(root).release();
  });
});

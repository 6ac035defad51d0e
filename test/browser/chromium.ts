/**
 * The Chromium that comes with an npm package. Where the machine lacks the few system libraries it needs, those of the same package are
 * unpacked beside it: no apt, no download.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import chromium from '@sparticuz/chromium';

const LIBRARIES = join(tmpdir(), 'countersign-chromium-libraries');

/** Path of a browser that starts. Throws a sentence when none does. */
export async function chromiumPath(): Promise<string> {
  const path = await chromium.executablePath();
  if (starts(path)) return path;
  await unpackLibraries();
  process.env.LD_LIBRARY_PATH = [join(LIBRARIES, 'lib'), process.env.LD_LIBRARY_PATH].filter((part) => part).join(':');
  if (starts(path)) return path;
  throw new Error('Chromium does not start on this machine: install libnss3, libnspr4 and libexpat1.');
}

const starts = (path: string): boolean => spawnSync(path, ['--version', '--no-sandbox']).status === 0;

async function unpackLibraries(): Promise<void> {
  if (existsSync(join(LIBRARIES, 'lib'))) return;
  mkdirSync(LIBRARIES, { recursive: true });
  const archive = fileURLToPath(new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium')));
  const tar = spawn('tar', ['-x', '-C', LIBRARIES], { stdio: ['pipe', 'ignore', 'inherit'] });
  const unpacked = new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error('tar could not unpack the libraries of Chromium')),
    );
  });
  await Promise.all([pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin), unpacked]);
}

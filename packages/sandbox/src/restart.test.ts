import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordAt, stringAt } from './json/record.ts';
import { startSandbox } from './start-sandbox.ts';
import { apiClient } from './testing/api-client.ts';
import { testConfigMap } from './testing/manifests.ts';
import { clusterManifests, startTestSandbox, tokenOf } from './testing/test-sandbox.ts';

let dataDirectory = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDirectory, { recursive: true, force: true });
});

const start = (manifests = clusterManifests(['shop'])) => startTestSandbox({ dataDirectory, manifests });
const maps = '/api/v1/namespaces/shop/configmaps';
const policy = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/countersign-proposer-dry-run-only';

describe('after a clean stop', () => {
  it('address, tokens, CA, objects, uids and the counter are the same', async () => {
    const first = await start();
    await first.as('user').send('POST', maps, testConfigMap('kept'));
    await first.sandbox.settled();
    const before = (await first.as('user').send('GET', `${maps}/kept`)).body;
    const shop = (await first.as('user').send('GET', '/api/v1/namespaces/kube-system')).body;
    const counter = Number(first.sandbox.store.resourceVersion);
    await first.sandbox.stop();

    const second = await start();
    expect(second.sandbox.url).toBe(first.sandbox.url);
    expect(second.sandbox.kubeconfig('executor')).toBe(first.sandbox.kubeconfig('executor'));
    expect((await first.as('user').send('GET', `${maps}/kept`)).body).toEqual(before);
    expect((await second.as('user').send('GET', '/api/v1/namespaces/kube-system')).body).toEqual(shop);
    expect(Number(second.sandbox.store.resourceVersion)).toBeGreaterThanOrEqual(counter);
    await second.dispose();
  });

  it('a watch from before is told to begin again with 410', async () => {
    const first = await start();
    const old = stringAt((await first.as('user').send('GET', maps)).body, 'metadata', 'resourceVersion');
    await first.as('user').send('POST', maps, testConfigMap('later'));
    await first.sandbox.stop();
    const second = await start();
    const stream = await second.as('user').stream(`${maps}?watch=true&resourceVersion=${old}`);
    expect(JSON.parse(await stream.next())).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    await expect(stream.next()).rejects.toThrow('ended');
    await second.dispose();
  });

  it('a guard policy that the user removed stays removed, and a manifest that changed is loaded again', async () => {
    const first = await start();
    expect((await first.as('user').send('DELETE', policy)).status).toBe(200);
    await first.sandbox.stop();
    const second = await start();
    expect((await second.as('user').send('GET', policy)).status).toBe(404);
    await second.sandbox.stop();
    const changed = clusterManifests(['shop']).map((manifest) =>
      manifest.metadata.name === 'countersign-proposer-dry-run-only'
        ? { ...manifest, metadata: { ...manifest.metadata, labels: { revision: '2' } } }
        : manifest,
    );
    const third = await start(changed);
    const body = (await third.as('user').send('GET', policy)).body;
    expect(recordAt(body, 'metadata', 'labels')).toEqual({ revision: '2' });
    await third.dispose();
  });

  it('a stopped sandbox leaves no timer, stream or connection behind', async () => {
    const first = await start();
    const stream = await first.as('user').stream(`${maps}?watch=true`);
    const stopped = first.sandbox.stop();
    const drain = async (): Promise<void> => {
      await stream.next();
      return drain();
    };
    await expect(drain()).rejects.toThrow('ended');
    await stopped;
    await expect(first.as('user').send('GET', '/version')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('after a SIGKILL', () => {
  it('every answered write is there', async () => {
    const child = spawnSandbox();
    const { url, ca, kubeconfig } = JSON.parse(await firstLine(child)) as Record<'url' | 'ca' | 'kubeconfig', string>;
    const user = apiClient(url, ca, tokenOf({ kubeconfig: () => kubeconfig }, 'user'));
    const answered: string[] = [];
    for (let n = 0; n < 20; n++) {
      const reply = await user.send('POST', maps, testConfigMap(`map-${n}`));
      answered.push(stringAt(reply.body, 'metadata', 'uid') ?? '');
    }
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;

    const second = await start();
    const found = second.sandbox.store.list('configmaps', 'shop').map((object) => object.metadata.uid);
    expect(found).toEqual(expect.arrayContaining(answered));
    await second.dispose();
  });
});

describe('the data directory', () => {
  it('loads although its last line was cut off, and says which line is damaged elsewhere', async () => {
    await (await start()).sandbox.stop();
    const journal = join(dataDirectory, 'objects.jsonl');
    const whole = readFileSync(journal, 'utf8');
    appendFileSync(journal, '{"type":"ADDED","resource":"configm');
    await (await start()).sandbox.stop();
    writeFileSync(journal, whole.replace('\n', '\nnot json\n'));
    await expect(start()).rejects.toThrow(/cannot be read \(line 2\)/);
  });

  it('is readable by its owner only', async () => {
    await (await start()).sandbox.stop();
    for (const file of readdirSync(dataDirectory)) expect(statSync(join(dataDirectory, file)).mode & 0o077).toBe(0);
  });

  it('admits one sandbox at a time', async () => {
    const first = await start();
    await expect(startSandbox({ dataDirectory })).rejects.toThrow(/is taken/);
    await first.dispose();
  });
});

function spawnSandbox(): ChildProcess {
  const script = fileURLToPath(new URL('testing/sandbox-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', () => reject(new Error('the sandbox process ended early')));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}

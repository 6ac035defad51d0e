import { afterEach, describe, expect, it } from 'vitest';
import { connectCluster } from '../connection/connect-cluster.ts';
import { LOG_BYTES_MAX } from '../limits.ts';
import { answerJson, startScriptedServer } from '../testing/scripted-server.ts';
import { readLogs } from './logs.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A pod with the given containers whose log is the given text, cut as the API server cuts it: to the first limitBytes of the tail. */
async function podWith(log: string, metadata: object = {}, containers: readonly string[] = ['app']) {
  const server = await startScriptedServer((request, response) => {
    const url = new URL(request.url, 'https://x');
    if (!url.pathname.endsWith('/log')) {
      answerJson(response, 200, { metadata, spec: { containers: containers.map((name) => ({ name })) } });
      return;
    }
    const tail = log
      .split('\n')
      .slice(-Number(url.searchParams.get('tailLines')))
      .join('\n');
    response.end(Buffer.from(tail).subarray(0, Number(url.searchParams.get('limitBytes'))));
  });
  const connection = connectCluster({ name: 'x', kubeconfig: server.kubeconfig(), context: 'ctx' });
  stops.push(server.stop, connection.close);
  const read = async (tailLines: number, previous = false) => {
    const result = await readLogs(connection, { namespace: 'shop', pod: 'web', tailLines, previous });
    if (!result.ok) throw new Error(result.refusal.code);
    return result.value;
  };
  return { read, received: server.received };
}
const numbered = (count: number, characters: number): string =>
  Array.from({ length: count }, (_, at) => `line ${at} ${'x'.repeat(characters)}`).join('\n');

describe('readLogs', () => {
  it('keeps the newest lines where the byte cap cuts, and says so', async () => {
    const { read } = await podWith(numbered(500, 300));
    const { lines, truncated } = await read(500);
    expect(truncated).toBe(true);
    expect(lines.at(-1)).toMatch(/^line 499 /);
    expect(lines[0]).toMatch(/^line \d+ x+$/);
    expect(lines.join('\n').length).toBeLessThanOrEqual(LOG_BYTES_MAX);
  });

  it('reaches the newest line even where the API server would have kept the oldest', async () => {
    const { read, received } = await podWith(numbered(500, 5_000));
    const { lines, truncated } = await read(500);
    expect(lines.at(-1)).toMatch(/^line 499 /);
    expect(truncated).toBe(true);
    expect(received.filter(({ url }) => url.includes('/log')).length).toBeLessThan(6);
  });

  it('never asks for more lines than its limit', async () => {
    const { read, received } = await podWith(numbered(3, 1));
    await read(100_000);
    expect(received.at(-1)?.url).toContain('tailLines=500');
  });

  it('takes the default container of several, and the first where none is named', async () => {
    const two = ['side', 'app'];
    expect((await (await podWith('x', {}, two)).read(1)).container).toBe('side');
    const annotations = { 'kubectl.kubernetes.io/default-container': 'app' };
    expect((await (await podWith('x', { annotations }, two)).read(1)).container).toBe('app');
    const wrong = { 'kubectl.kubernetes.io/default-container': 'nobody' };
    expect((await (await podWith('x', { annotations: wrong }, two)).read(1)).container).toBe('side');
  });

  it('redacts what looks like a secret, line by line', async () => {
    const { read } = await podWith('start\npassword=canary-s3cr3t\nend\n');
    expect((await read(10)).lines).toEqual(['start', 'password=[redacted: named-secret]', 'end']);
  });

  it('asks for the previous run only when told to', async () => {
    const { read, received } = await podWith('x');
    await read(1);
    await read(1, true);
    const queries = received.filter(({ url }) => url.includes('/log')).map(({ url }) => url.includes('previous=true'));
    expect(queries).toEqual([false, true]);
  });
});

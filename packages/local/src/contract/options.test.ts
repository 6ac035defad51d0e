import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './options.ts';

const HERE = '/somewhere';

describe('the flags of the local contract', () => {
  test('without flags take the documented defaults', () => {
    expect(parseCommandLine([], HERE)).toEqual({
      kind: 'run',
      options: {
        port: 8787,
        data: '/somewhere/.countersign',
        cluster: undefined,
        observeEverySeconds: 30,
        readyFile: undefined,
        quiet: false,
      },
    });
  });

  test('are all taken, with paths made absolute', () => {
    const argv = ['--port', '0', '--data', 'state', '--observe-every=0', '--ready-file', '/run/ready.json', '--quiet'];
    expect(parseCommandLine(argv, HERE)).toEqual({
      kind: 'run',
      options: {
        port: 0,
        data: '/somewhere/state',
        cluster: undefined,
        observeEverySeconds: 0,
        readyFile: '/run/ready.json',
        quiet: true,
      },
    });
  });

  test('--help lists every flag and leaves with 0', () => {
    const answer = parseCommandLine(['--help'], HERE);
    expect(answer).toMatchObject({ kind: 'answer', exitCode: 0 });
    for (const flag of [
      '--port',
      '--data',
      '--kubeconfig',
      '--context',
      '--observe-every',
      '--ready-file',
      '--quiet',
    ]) {
      expect(answer).toMatchObject({ text: expect.stringContaining(flag) });
    }
  });
});

describe('bad input', () => {
  test.each([
    [['--port', 'eighty'], "--port 'eighty'"],
    [['--port', '65535'], "--port '65535'"],
    [['--port', '-1'], "--port '-1'"],
    [['--port', '0x50'], "--port '0x50'"],
    [['--port', ''], "--port ''"],
    [['--port'], '--port'],
    [['--observe-every', '1.5'], "--observe-every '1.5'"],
    [['--observe-every', '86401'], "--observe-every '86401'"],
    [['--data', ''], '--data is empty'],
    [['--ready-file', ' '], '--ready-file is empty'],
    [['--prt', '1'], "'--prt'"],
    [['extra'], 'too many arguments'],
    [['--context', 'prod'], '--context'],
  ])('%j is answered with one sentence that names it, and exit code 2', (argv, named) => {
    const answer = parseCommandLine(argv, HERE);
    expect(answer).toMatchObject({ kind: 'answer', exitCode: 2, text: expect.stringContaining(named) });
    expect(answer).toMatchObject({ text: expect.stringMatching(/^Cannot start: [^\n]*allowed[^\n]*\.$/) });
  });

  test('--kubeconfig names a file, --context one of its contexts', () => {
    const parsed = (...argv: string[]) => parseCommandLine(argv, HERE);
    expect(parsed('--kubeconfig', 'config', '--context', 'prod')).toMatchObject({
      kind: 'run',
      options: { cluster: { file: '/somewhere/config', context: 'prod' } },
    });
    expect(parsed('--kubeconfig', '/etc/config')).toMatchObject({
      options: { cluster: { file: '/etc/config', context: undefined } },
    });
    expect(parsed()).toMatchObject({ options: { cluster: undefined } });
    expect(parsed('--kubeconfig', ' ')).toMatchObject({ kind: 'answer', exitCode: 2 });
  });
});

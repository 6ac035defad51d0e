import { Unavailable } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { type AwsCalls, awsCalls, lazyCalls } from './calls.ts';

interface Operations {
  readonly Say: readonly [string, string];
}
const named = (name: string, extra: object = {}): Error =>
  Object.assign(new Error(`secret of ${name}`), { name }, extra);
const failing = (error: unknown, answers: readonly string[] = []): AwsCalls<Operations> =>
  awsCalls<Operations>('Service', { Say: () => Promise.reject(error) }, answers);
const thrownBy = (calls: AwsCalls<Operations>): Promise<unknown> =>
  calls.call('Say', 'x').catch((error: unknown) => error);

describe('awsCalls', () => {
  it('turns whatever may pass into Unavailable, without a word of the original', async () => {
    const passing = [
      named('ThrottlingException', { $metadata: { httpStatusCode: 400 } }),
      named('InternalServerError', { $metadata: { httpStatusCode: 500 }, $response: { body: 'secret' } }),
      named('TimeoutError'),
      named('Error', { code: 'ECONNRESET' }),
      named('CredentialsProviderError'),
      'no error at all',
    ];
    for (const error of passing) {
      const thrown = await thrownBy(failing(error));
      expect(thrown).toBeInstanceOf(Unavailable);
      expect(String(thrown)).toMatch(/^Unavailable: Service Say: /);
      expect(String(thrown)).not.toContain('secret');
      expect((thrown as Error).cause).toBeUndefined();
    }
  });

  it('turns a fault of the request into a plain error: sending it again cannot help', async () => {
    for (const name of ['ValidationException', 'AccessDeniedException', 'ResourceNotFoundException']) {
      const thrown = await thrownBy(failing(named(name)));
      expect(thrown).not.toBeInstanceOf(Unavailable);
      expect(String(thrown)).toBe(`Error: Service Say: ${name}`);
    }
  });

  it('lets the answers through that the caller classifies', async () => {
    const answer = named('ConditionalCheckFailedException');
    expect(await thrownBy(failing(answer, ['ConditionalCheckFailedException']))).toBe(answer);
  });
});

describe('lazyCalls', () => {
  it('loads once, on the first call, for any number of calls at once', async () => {
    let loads = 0;
    const calls = lazyCalls<Operations>(async () => {
      loads += 1;
      return awsCalls<Operations>('Service', { Say: async (text) => text }, []);
    });
    expect(loads).toBe(0);
    expect(await Promise.all([calls.call('Say', 'a'), calls.call('Say', 'b')])).toEqual(['a', 'b']);
    expect(loads).toBe(1);
  });

  it('tries again when loading failed', async () => {
    let loads = 0;
    const calls = lazyCalls<Operations>(async () => {
      loads += 1;
      if (loads === 1) throw new Unavailable('not yet');
      return awsCalls<Operations>('Service', { Say: async (text) => text }, []);
    });
    await expect(calls.call('Say', 'a')).rejects.toThrow(Unavailable);
    expect(await calls.call('Say', 'a')).toBe('a');
  });
});

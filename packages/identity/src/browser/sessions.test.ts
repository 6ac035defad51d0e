import { type Person, personIdOf } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { sealedValues } from './sealed-value.ts';
import { createSessions } from './sessions.ts';

const START = new Date('2026-11-21T10:00:00Z');
const KEY = new Uint8Array(32).fill(1);
const OTHER_KEY = new Uint8Array(32).fill(2);
const person: Person = {
  id: personIdOf('example', 'subject-1'),
  display: 'operator@example.com',
  email: 'operator@example.com',
  groups: ['kubernetes-operators'],
  signedInAt: '2026-11-21T09:59:00.000Z',
  sessionId: 'AAAAAAAAAAAAAAAAAAAAAA',
};
const at = (instant: Date, keys: readonly Uint8Array[] = [KEY]) =>
  createSessions({ sessionKeys: keys, clock: () => instant });
const issued = async (): Promise<string> => ((await at(START).issue(person)) ?? '').split(';')[0] ?? '';

describe('a session', () => {
  it('says nothing in clear text', async () => {
    const sealed = Buffer.from(await issued()).toString('latin1');
    expect(sealed).not.toContain('operator');
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('operator');
  });

  it('ends after eight hours', async () => {
    const cookie = await issued();
    expect(await at(new Date(START.getTime() + 28_799_000)).read(cookie)).toEqual(person);
    expect(await at(new Date(START.getTime() + 28_801_000)).read(cookie)).toBeUndefined();
  });

  it('opens under an earlier key while that key is configured, and not afterwards', async () => {
    const cookie = await issued();
    expect(await at(START, [OTHER_KEY, KEY]).read(cookie)).toEqual(person);
    expect(await at(START, [OTHER_KEY]).read(cookie)).toBeUndefined();
  });

  it('refuses every change of a single character', async () => {
    const cookie = await issued();
    const from = cookie.indexOf('=') + 1;
    for (let position = from; position < cookie.length; position += 7) {
      const flipped = cookie[position] === 'A' ? 'B' : 'A';
      const changed = `${cookie.slice(0, position)}${flipped}${cookie.slice(position + 1)}`;
      expect(await at(START).read(changed)).toBeUndefined();
    }
  });

  it('refuses a sign-in state in its place, an unknown shape, and what is no cookie of ours', async () => {
    const state = await sealedValues([KEY], 'sign-in', () => START).seal({ v: 1, person }, 300);
    expect(await at(START).read(`__Host-countersign=${state}`)).toBeUndefined();
    const older = await sealedValues([KEY], 'session', () => START).seal(
      { v: 1, person: { ...person, id: 'operator' } },
      300,
    );
    expect(await at(START).read(`__Host-countersign=${older}`)).toBeUndefined();
    for (const header of [
      undefined,
      '',
      'countersign=x',
      '__Host-countersign=',
      '__Host-countersign=a.b.c.d.e',
      '__Host-countersign=eyJhbGciOiJub25lIn0..a.b.c',
    ]) {
      expect(await at(START).read(header)).toBeUndefined();
    }
  });

  it('refuses to start with a short key or none', () => {
    expect(() => createSessions({ sessionKeys: [], clock: () => START })).toThrow('at least one');
    expect(() => createSessions({ sessionKeys: [new Uint8Array(16)], clock: () => START })).toThrow('32 bytes');
  });
});

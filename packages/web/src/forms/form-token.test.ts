import { describe, expect, it } from 'vitest';
import { OPERATOR, THIRD } from '../testing/people.ts';
import { type FormSubject, formToken, isFormToken } from './form-token.ts';

const KEY = new Uint8Array(32).fill(1);
const subject: FormSubject = { action: 'decision', planId: 'pln_a', reviewDigest: 'sha256:a', person: OPERATOR };

describe('an anti-forgery token', () => {
  it('is worth something for exactly one action, plan, digest, person, sign-in and key', () => {
    const token = formToken(subject, KEY);
    expect(isFormToken(token, subject, KEY)).toBe(true);
    const others: readonly FormSubject[] = [
      { ...subject, action: 'cancel' },
      { ...subject, planId: 'pln_b' },
      { ...subject, reviewDigest: 'sha256:b' },
      { ...subject, person: THIRD },
      { ...subject, person: { ...OPERATOR, sessionId: 'other' } },
    ];
    for (const other of others) expect(isFormToken(token, other, KEY)).toBe(false);
    expect(isFormToken(token, subject, new Uint8Array(32).fill(2))).toBe(false);
    for (const wrong of ['', token.slice(1), `${token}=`, token.toUpperCase()])
      expect(isFormToken(wrong, subject, KEY)).toBe(false);
  });

  it('keeps its parts apart: no two subjects make one text', () => {
    const a = formToken({ ...subject, planId: 'x","y', reviewDigest: 'z' }, KEY);
    const b = formToken({ ...subject, planId: 'x', reviewDigest: 'y","z' }, KEY);
    expect(a).not.toBe(b);
  });
});

import { describe, expect, it } from 'vitest';
import { anything } from '../schema/schema.ts';
import { StatusError } from '../store/status-error.ts';
import { applyPatch as patchOfKind } from './apply-patch.ts';

const applyPatch = (mediaType: string, target: Parameters<typeof patchOfKind>[1], patch: unknown) =>
  patchOfKind(mediaType, target, patch, anything);

const refusal = (attempt: () => unknown): number | undefined => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StatusError) return error.code;
    throw error;
  }
  return undefined;
};

describe('patches', () => {
  it('applies a JSON patch with a test before the change', () => {
    const patch = [
      { op: 'test', path: '/spec/replicas', value: 1 },
      { op: 'replace', path: '/spec/replicas', value: 2 },
    ];
    expect(applyPatch('application/json-patch+json', { spec: { replicas: 1 } }, patch)).toEqual({
      spec: { replicas: 2 },
    });
  });

  it('refuses a JSON patch whose test fails or whose path is missing with 422, and one that is no list with 400', () => {
    const media = 'application/json-patch+json';
    expect(refusal(() => applyPatch(media, { a: 1 }, [{ op: 'test', path: '/a', value: 2 }]))).toBe(422);
    expect(refusal(() => applyPatch(media, {}, [{ op: 'remove', path: '/a/b' }]))).toBe(422);
    expect(refusal(() => applyPatch(media, {}, { op: 'remove', path: '/a' }))).toBe(400);
  });

  it('refuses a JSON patch that reaches for a prototype', () => {
    const patch = [{ op: 'add', path: '/__proto__/polluted', value: true }];
    expect(refusal(() => applyPatch('application/json-patch+json', {}, patch))).toBe(422);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('applies a merge patch: null removes, lists are replaced', () => {
    const object = { a: 1, list: [1, 2], b: { c: 1, d: 2 } };
    expect(applyPatch('application/merge-patch+json', object, { a: null, list: [3], b: { d: 3 } })).toEqual({
      list: [3],
      b: { c: 1, d: 3 },
    });
  });

  it('answers unknown media types with 415', () => {
    expect(refusal(() => applyPatch('application/apply-patch+cbor', {}, {}))).toBe(415);
    expect(refusal(() => applyPatch('text/plain', {}, {}))).toBe(415);
  });
});

import { describe, expect, it } from 'vitest';
import { localReturnPath } from './return-path.ts';

describe('the return path', () => {
  it.each(['/', '/plans/pln_AbC-12_x', '/anomalies', '/r/0123456789abcdef'])('keeps our own path %s', (path) => {
    expect(localReturnPath(path)).toBe(path);
  });

  it.each([
    undefined,
    '',
    'plans/x',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/plans//evil.example',
    '/..//evil.example',
    '/./plans',
    '/%2F%2Fevil.example',
    '/%5Cevil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/\tevil',
    '/\n/evil.example',
    '/plans/x\r\nSet-Cookie: a=b',
    ' /plans/x',
    '/plans/x ',
    '/plans/x?next=https://evil.example',
    '/plans/x#@evil.example',
    '/@evil.example',
    '/plans/‮x',
    '/plans/',
    `/${'a'.repeat(300)}`,
  ])('replaces %j by the front page (open redirect)', (wish) => {
    expect(localReturnPath(wish)).toBe('/');
  });
});

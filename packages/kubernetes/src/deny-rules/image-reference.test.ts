import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImage } from './image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('parseImage', () => {
  it.each([
    ['nginx', { name: 'nginx', tag: null, digest: null }],
    ['nginx:1.27', { name: 'nginx', tag: '1.27', digest: null }],
    ['registry:5000/app', { name: 'registry:5000/app', tag: null, digest: null }],
    ['registry:5000/team/app:v1', { name: 'registry:5000/team/app', tag: 'v1', digest: null }],
    ['[2001:db8::1]:5000/app:v1', { name: '[2001:db8::1]:5000/app', tag: 'v1', digest: null }],
    [`ghcr.io/a/b@${DIGEST}`, { name: 'ghcr.io/a/b', tag: null, digest: DIGEST }],
    [`localhost/a__b:1@${DIGEST}`, { name: 'localhost/a__b', tag: '1', digest: DIGEST }],
  ])('reads %s', (image, parts) => {
    expect(parseImage(image)).toEqual(parts);
  });

  it.each([
    '',
    ' ',
    'nginx:',
    'nginx: 1',
    ':1',
    'Nginx:1',
    'nginx:1\n',
    '--image=x',
    '-nginx:1',
    '../nginx:1',
    'a//b:1',
    'nginx:1;id',
    '$(id):1',
    'nginx@sha256:zz',
    'nginx:1@',
    `nginx@${DIGEST}@${DIGEST}`,
    'https://host/app:1',
    'nginx\u202e:1',
    `${'a'.repeat(600)}:1`,
  ])('refuses %j', (image) => {
    expect(parseImage(image)).toBeUndefined();
  });

  it('answers at once whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600, unit: fc.constantFrom('a', '-', '.', '/', ':', '@', '_') }), (text) => {
        const before = performance.now();
        parseImage(text);
        return performance.now() - before < 200;
      }),
    );
  });
});

import { findSecrets, WITHHELD } from '@countersign/approvals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactLine, redactLines } from './redact-lines.ts';

const KEY = '[redacted: private-key]';

const CANARY = 'canary0s3cr3t0value0';

describe('redactLine', () => {
  it.each([
    `password=${CANARY}`,
    `DB_PASSWORD: ${CANARY}`,
    `{"apiToken": "${CANARY}"}`,
    `{"client_secret":"${CANARY}","x":1}`,
    `run --api-key ${CANARY} --verbose`,
    `Authorization: Bearer ${CANARY}`,
    `Authorization: Basic ${CANARY}==`,
    `curl -H "authorization: bearer ${CANARY}"`,
    `connecting to postgres://app:${CANARY}@db:5432/shop`,
    `token=ghp_${CANARY}${CANARY}`,
    `key glpat-${CANARY}`,
    `jwt eyJhbGciOiJFUzI1NiJ9.${CANARY}.${CANARY}`,
    `pass\u200bword=${CANARY}`,
    `p\u001b[31massword=${CANARY}`,
    `password=${CANARY.slice(0, 8)}\u200b${CANARY.slice(8)}`,
  ])('hides the secret of %j', (line) => {
    const shown = redactLine(line);
    expect(shown.replaceAll(/\\u\{[0-9a-f]+\}/g, '')).not.toContain(CANARY);
    expect(shown).not.toContain(CANARY.slice(8));
    expect(shown).toContain('[redacted: ');
  });

  it.each([
    'GET /products/1184 HTTP/1.1" 200 9000',
    'checkpoint /var/lib/worker/queue.ckpt is truncated, refusing to resume',
    'the token expired, asking for another',
    'password authentication failed for user app',
    'Basic authentication and bearer authentication are on',
    '2026-11-20T10:00:00Z level=info msg="listening" port=8080',
    'pulled nginx@sha256:4ff102c5d78d254a6f0da062b3cf39eaf07f01eec0927fd21e219d0af8bc0591',
  ])('leaves %j as it is', (line) => {
    expect(redactLine(line)).toBe(line);
  });

  it('makes an injected terminal sequence visible', () => {
    expect(redactLine('\u001b]0;owned\u0007 IMPORTANT SYSTEM UPDATE')).toBe(
      '\\u{1b}]0;owned\\u{7} IMPORTANT SYSTEM UPDATE',
    );
  });

  it('answers in time that does not explode with the line', () => {
    fc.assert(
      fc.property(
        fc.string({
          minLength: 1_000,
          maxLength: 20_000,
          unit: fc.constantFrom('a', ':', '/', '-', '=', ' ', 'password', 'eyJ', '.', '"'),
        }),
        (line) => {
          const before = performance.now();
          redactLine(line);
          return performance.now() - before < 500;
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('redactLines', () => {
  it('hides a private key, line by line, and what follows it not', () => {
    const body = 'A'.repeat(64);
    const lines = [
      'start',
      '-----BEGIN EC PRIVATE KEY-----',
      body,
      'shortrest==',
      '-----END EC PRIVATE KEY-----',
      'end',
    ];
    expect(redactLines(lines)).toEqual(['start', KEY, KEY, KEY, KEY, 'end']);
  });

  it('hides the body of a key whose head the byte cap cut away', () => {
    expect(redactLines([`${'Ab1+'.repeat(16)}`, 'listening'])).toEqual([KEY, 'listening']);
  });

  it('is not blinded for good by a lone BEGIN', () => {
    const lines = ['-----BEGIN PRIVATE KEY-----', ...new Array<string>(400).fill('a line')];
    expect(redactLines(lines).at(-1)).toBe('a line');
  });

  it('withholds a line that could not be checked, and only that one', () => {
    const failing: typeof findSecrets = (text) => {
      if (text.includes('bad')) throw new Error('too hard');
      return findSecrets(text);
    };
    expect(redactLines(['good', 'bad', 'good'], failing)).toEqual(['good', WITHHELD, 'good']);
  });
});

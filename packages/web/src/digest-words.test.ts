import { digestWords } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { DIGEST_WORDS } from './digest-words.ts';

describe('the digest words', () => {
  it('are 256 different short lower-case words, so that each byte has its own', () => {
    expect(new Set(DIGEST_WORDS).size).toBe(256);
    expect(DIGEST_WORDS).toHaveLength(256);
    for (const word of DIGEST_WORDS) expect(word).toMatch(/^[a-z]{3,8}$/);
  });

  it('differ from each other in at least three letters', () => {
    for (const [at, word] of DIGEST_WORDS.entries()) {
      for (const other of DIGEST_WORDS.slice(at + 1))
        expect(editDistance(word, other), `${word} ${other}`).toBeGreaterThan(2);
    }
  });

  it('keep their order, which mails in people’s inboxes rely on', () => {
    expect(digestWords(`sha256:00017fff${'0'.repeat(56)}`, DIGEST_WORDS)).toBe('acorn · album · juniper · zinnia');
  });
});

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

import { type Digest, digestWords } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { DIGEST_WORDS } from '../digest-words.ts';
import { SHORT_DIGEST_HEX_DIGITS } from '../limits.ts';

/** `3f9a 07c2 … e41b`: what people can read to each other beside the words. */
function shortDigest(digest: Digest): string {
  const hex = digest.slice('sha256:'.length);
  const group = (at: number): string => hex.slice(at, at + SHORT_DIGEST_HEX_DIGITS);
  return `${group(0)} ${group(SHORT_DIGEST_HEX_DIGITS)} … ${hex.slice(-SHORT_DIGEST_HEX_DIGITS)}`;
}

/** The same words as in the mail: a person who compares them notices another plan under the same title. */
export const DigestBox: FC<{ digest: Digest }> = ({ digest }) => (
  <div>
    <p class="hint" id="digest-words">
      This exact plan
    </p>
    <ol class="words" aria-labelledby="digest-words">
      {digestWords(digest, DIGEST_WORDS)
        .split(' · ')
        .map((word) => (
          <li>{word}</li>
        ))}
    </ol>
    <p class="hint">The mail shows the same words.</p>
    <p class="hint mono">{shortDigest(digest)}</p>
  </div>
);

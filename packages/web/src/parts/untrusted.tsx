/** Text from clusters, agents, models, people and issuers: always text, with what cannot be seen made visible. */
import type { FC } from 'hono/jsx';
import { type TextMode, visiblePieces } from '../text/visible-text.ts';

export const Untrusted: FC<{ text: string; mode?: TextMode }> = ({ text, mode = 'prose' }) => (
  <>
    {visiblePieces(text, mode).map((piece) =>
      piece.kind === 'text' ? (
        piece.text
      ) : (
        <span class="cp" title="A character that cannot be seen or that imitates another">
          {piece.text}
        </span>
      ),
    )}
  </>
);

/** Names, images and paths from the cluster. */
export const Code: FC<{ text: string }> = ({ text }) => (
  <code>
    <Untrusted text={text} mode="code" />
  </code>
);

import type { FC, PropsWithChildren } from 'hono/jsx';

export type ItemTone = 'ok' | 'warn' | 'bad' | 'info' | 'next' | 'undo';

/** Sign and word: the meaning never hangs on a colour or on a glyph alone (WCAG 1.4.1). */
const SIGNS: Readonly<Record<ItemTone, readonly [sign: string, word: string, style: string]>> = {
  ok: ['✓', 'Fine: ', 'go'],
  warn: ['!', 'Attention: ', 'warn'],
  bad: ['✕', 'Forbidden: ', 'stop'],
  info: ['·', '', 'plain'],
  next: ['→', '', 'plain'],
  undo: ['↶', '', 'plain'],
};

export const Item: FC<PropsWithChildren<{ tone: ItemTone }>> = ({ tone, children }) => {
  const [sign, word, style] = SIGNS[tone];
  return (
    <li>
      <span class={`m ${style}`} aria-hidden="true">
        {sign}
      </span>
      <span>
        {word === '' ? null : <span class="sr">{word}</span>}
        {children}
      </span>
    </li>
  );
};

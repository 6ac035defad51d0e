/** A small page that says one thing: what happened and what to do next. Errors, signing in and out. */
import type { FC } from 'hono/jsx';
import { type Frame, Layout } from '../parts/layout.tsx';
import { Untrusted } from '../parts/untrusted.tsx';

export interface Message {
  readonly title: string;
  readonly text: string;
  readonly next?: { readonly href: string; readonly label: string };
  /** Goes on by itself at once; the link is for whoever it does not move. */
  readonly refreshTo?: string;
  /** What was typed and could not be taken: given back to be copied. */
  readonly kept?: string;
}

export const MessagePage: FC<{ message: Message; frame: Frame }> = ({ message, frame }) => (
  <Layout
    title={message.title}
    frame={frame}
    {...(message.refreshTo === undefined ? {} : { refreshTo: message.refreshTo })}
  >
    <main id="main" class="narrow stack">
      <h1>{message.title}</h1>
      <p>{message.text}</p>
      {message.kept === undefined || message.kept.trim() === '' ? null : (
        <div class="claim">
          <p>Your comment was not saved. Copy it before you go on:</p>
          <blockquote>
            <Untrusted text={message.kept} />
          </blockquote>
        </div>
      )}
      {message.next === undefined ? null : (
        <p>
          <a class="button" href={message.next.href}>
            {message.next.label}
          </a>
        </p>
      )}
    </main>
  </Layout>
);

/** The frame of every page. Nothing inline: no script, no style, no handler; the policy in security-headers.ts would stop them. */
import type { Person } from '@countersign/approvals';
import type { FC, PropsWithChildren } from 'hono/jsx';
import { ICON_ASSET, SCRIPT_ASSET, STYLE_ASSET } from '../assets/assets.ts';
import { NAME_CHARACTERS_MAX } from '../limits.ts';
import { visibleLine } from '../text/visible-text.ts';

export interface Frame {
  readonly person: Person | null;
  readonly counts: { readonly inbox: number; readonly anomalies: number } | null;
}

export type Place = '/' | '/anomalies' | '/audit';

const PLACES: readonly (readonly [Place, string])[] = [
  ['/', 'Inbox'],
  ['/anomalies', 'Anomalies'],
  ['/audit', 'Audit'],
];

export const Layout: FC<
  PropsWithChildren<{
    title: string;
    frame: Frame;
    place?: Place;
    refreshTo?: string;
    skipTo?: { href: string; label: string };
  }>
> = ({ title, frame, place, refreshTo, skipTo, children }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${title} · Countersign`}</title>
      {refreshTo === undefined ? null : <meta http-equiv="refresh" content={`0; url=${refreshTo}`} />}
      <link rel="stylesheet" href={STYLE_ASSET.path} integrity={STYLE_ASSET.integrity} />
      <link rel="icon" type="image/svg+xml" href={ICON_ASSET.path} />
      <script src={SCRIPT_ASSET.path} integrity={SCRIPT_ASSET.integrity} defer />
    </head>
    <body>
      <a class="skip" href={skipTo?.href ?? '#main'}>
        {skipTo?.label ?? 'Skip to content'}
      </a>
      <header class="top">
        <a class="brand" href="/">
          <Mark />
          Countersign
        </a>
        {frame.person === null ? null : <Navigation frame={frame} {...(place === undefined ? {} : { place })} />}
        {frame.person === null ? null : <Me person={frame.person} />}
      </header>
      {children}
    </body>
  </html>
);

const Navigation: FC<{ frame: Frame; place?: Place }> = ({ frame, place }) => {
  const counts: Readonly<Record<Place, number>> = {
    '/': frame.counts?.inbox ?? 0,
    '/anomalies': frame.counts?.anomalies ?? 0,
    '/audit': 0,
  };
  return (
    <nav aria-label="Main">
      {PLACES.map(([href, name]) => (
        <a href={href} {...(href === place ? { 'aria-current': 'page' } : {})}>
          {name}
          {counts[href] > 0 ? <span class="count">{counts[href]}</span> : null}
        </a>
      ))}
    </nav>
  );
};

/** Signing out is a POST: a link could be followed by anything that fetches links. */
const Me: FC<{ person: Person }> = ({ person }) => (
  <form class="me" method="post" action="/signout">
    <span>{visibleLine(person.display, 'prose', NAME_CHARACTERS_MAX)}</span>
    <button class="link" type="submit">
      Sign out
    </button>
  </form>
);

const Mark: FC = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path
      d="M3.5 13.4l4 4 6.6-10.4M10.4 14l3.3 3.4L20.5 7"
      fill="none"
      stroke="currentColor"
      stroke-width="2.6"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

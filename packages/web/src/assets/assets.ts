/** Static files under names that carry their hash: kept for ever by browsers, and checked against the page by subresource integrity. */
import { createHash } from 'node:crypto';
import { ICON } from './icon.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { STYLE } from './style-sheet.ts';

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
  /** Value of an `integrity` attribute: a cache or proxy in between cannot change what a reviewer's page does. */
  readonly integrity: string;
}

function asset(name: string, extension: string, type: string, body: string): Asset {
  const hash = createHash('sha256').update(body, 'utf8').digest('hex').slice(0, 16);
  return {
    path: `/assets/${name}.${hash}.${extension}`,
    type,
    body,
    integrity: `sha384-${createHash('sha384').update(body, 'utf8').digest('base64')}`,
  };
}

export const STYLE_ASSET = asset('style', 'css', 'text/css; charset=utf-8', STYLE);
export const SCRIPT_ASSET = asset('page', 'js', 'text/javascript; charset=utf-8', PAGE_SCRIPT);
export const ICON_ASSET = asset('icon', 'svg', 'image/svg+xml', ICON);
export const ASSETS: readonly Asset[] = [STYLE_ASSET, SCRIPT_ASSET, ICON_ASSET];

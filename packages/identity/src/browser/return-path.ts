import { RETURN_PATH_CHARACTERS_MAX } from './limits.ts';

/** Segments of unreserved characters without a dot: no scheme, host, `//`, `\`, `..`, escape, query or fragment can be written with them. */
const LOCAL_PATH = /^\/(?:[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*)?$/;

/**
 * The path to return to after signing in, or `/` when the wish is not plainly one of our own paths.
 * An allow-list of characters, because a list of bad ones always misses a spelling: stops the open redirect (RFC 9700 section 4.11).
 */
export function localReturnPath(wish: string | undefined): string {
  if (wish === undefined || wish.length > RETURN_PATH_CHARACTERS_MAX) return '/';
  return LOCAL_PATH.test(wish) ? wish : '/';
}

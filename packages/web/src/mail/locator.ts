/** The mail's link: a random pointer to one plan for one recipient. Only its hash is stored; knowing it lets nobody see or do anything. */
import { createHash } from 'node:crypto';
import type { Randomness } from '@countersign/approvals';
import { LOCATOR_BYTES } from '../limits.ts';

export const LOCATOR_PATTERN = /^[A-Za-z0-9_-]{32}$/;

/** A fresh locator and the hash under which LocatorStore keeps it. */
export function makeLocator(random: Randomness): { readonly locator: string; readonly hash: string } {
  const locator = random.token(LOCATOR_BYTES);
  return { locator, hash: locatorHash(locator) };
}

/** SHA-256 is enough: the locator has 192 random bits, so there is nothing to guess. */
export const locatorHash = (locator: string): string =>
  createHash('sha256').update(`countersign.dev/locator/v1\n${locator}`, 'utf8').digest('base64url');

export const reviewUrl = (pagesOrigin: string, locator: string): string => `${pagesOrigin}/r/${locator}`;

import { maySee, openPlan, type Person, readRecords } from '@countersign/approvals';
import type { Context } from 'hono';
import type { Site } from '../http/site.ts';
import { LOCATOR_PATTERN, locatorHash } from '../mail/locator.ts';
import { notFound } from './plan-page-route.ts';

/**
 * The mail's link. It points and authorises nothing: only who may see the plan anyway is sent on to its own address, without the locator
 *. Signed out, nothing is looked up at all, so that valid and invalid links look the same.
 */
export const locatorRoute = (site: Site) => async (c: Context, person: Person) => {
  const locator = c.req.param('locator') ?? '';
  const found = LOCATOR_PATTERN.test(locator) ? await site.locators.find(locatorHash(locator)) : null;
  const read = found === null ? undefined : await readRecords(site.plans, found.planId);
  const opened = read?.ok === true ? openPlan(read.value) : undefined;
  if (found === null || opened?.ok !== true || !maySee(opened.value.review, person, site.policies)) {
    return notFound(c, person, site, found?.planId ?? '');
  }
  return c.redirect(`/plans/${found.planId}`, 302);
};

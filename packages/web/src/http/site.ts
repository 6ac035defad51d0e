/** What handlers work with: ports and configuration in one, and how an answer is made of a page. */
import { type AccessEntry, type Person, PLAN_ID_PATTERN } from '@countersign/approvals';
import type { Context } from 'hono';
import type { FC } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Frame } from '../parts/layout.tsx';
import { countWaiting } from '../plan/inbox.ts';
import { readAnomalies } from '../plan/visible-anomalies.ts';
import type { WebConfig, WebPorts } from '../ports.ts';

export type Site = WebPorts & WebConfig;

export async function page(c: Context, status: ContentfulStatusCode, node: ReturnType<FC>): Promise<Response> {
  return c.html(`<!doctype html>${String(await node)}`, status);
}

/** The frame of a signed-in page, with the numbers beside its places. */
export async function frameOf(person: Person, site: Site): Promise<Frame> {
  const [inbox, anomalies] = await Promise.all([
    countWaiting(person, site.clock(), site),
    readAnomalies(person, true, site),
  ]);
  return { person, counts: { inbox, anomalies: anomalies.length } };
}

export const SIGNED_OUT: Frame = { person: null, counts: null };

/** What was asked for, when it can be a plan's id at all: nothing else that people type goes into a log. */
export const asPlanId = (text: string): string | null => (PLAN_ID_PATTERN.test(text) ? text : null);

/** The access log never stands in the way of an answer: its implementation neither throws nor grows without bound. */
export const recordAccess = (
  site: Site,
  entry: Pick<AccessEntry, 'type' | 'actor' | 'planId' | 'data'>,
): Promise<void> => site.accessLog.record({ writer: 'web', at: site.clock().toISOString(), ...entry });

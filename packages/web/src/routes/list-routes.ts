import type { Person } from '@countersign/approvals';
import type { Context } from 'hono';
import { frameOf, page, type Site } from '../http/site.ts';
import { AnomaliesPage } from '../pages/anomalies-page.tsx';
import { AuditPage } from '../pages/audit-page.tsx';
import { InboxPage } from '../pages/inbox-page.tsx';
import { readAuditTrail } from '../plan/audit-trail.ts';
import { readInbox } from '../plan/inbox.ts';
import { readAnomalies } from '../plan/visible-anomalies.ts';

export const inboxRoute = (site: Site) => async (c: Context, person: Person) => {
  const now = site.clock();
  const [inbox, frame] = await Promise.all([readInbox(person, now, site), frameOf(person, site)]);
  return page(c, 200, InboxPage({ inbox, frame, now }));
};

export const anomaliesRoute = (site: Site) => async (c: Context, person: Person) => {
  const [anomalies, frame] = await Promise.all([readAnomalies(person, false, site), frameOf(person, site)]);
  return page(c, 200, AnomaliesPage({ anomalies, cluster: site.cluster, frame, now: site.clock() }));
};

export const auditRoute = (site: Site) => async (c: Context, person: Person) => {
  const now = site.clock();
  const [trail, frame] = await Promise.all([readAuditTrail(person, now, site), frameOf(person, site)]);
  return page(c, 200, AuditPage({ trail, frame, now }));
};

/** The API server's own record of who asked for what and what came of it: a second witness beside the answers that we got. */
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';

/** The members of an audit.k8s.io/v1 Event that the suite reads. */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly responseStatus?: { readonly code?: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** All events so far of requests under this user agent; undefined where nobody keeps a log that we could read. */
export function auditOf(userAgent: string): readonly AuditEvent[] | undefined {
  const path = inject('auditLog');
  if (path === '') return undefined;
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes(userAgent))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter((event) => event.userAgent === userAgent);
}

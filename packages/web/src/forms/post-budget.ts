import type { Person } from '@countersign/approvals';
import { POSTS_MAX, POSTS_WINDOW_SECONDS } from '../limits.ts';
import type { WebPorts } from '../ports.ts';

/** Counts a person's form posts in fixed windows. Only posts: showing a page changes no record. */
export function withinBudget(person: Person, ports: Pick<WebPorts, 'budgets' | 'clock'>): Promise<boolean> {
  const window = POSTS_WINDOW_SECONDS * 1000;
  const start = Math.floor(ports.clock().getTime() / window) * window;
  const at = (milliseconds: number): string => new Date(milliseconds).toISOString();
  return ports.budgets.take(`web:${person.id}`, at(start), POSTS_MAX, at(start + 2 * window));
}

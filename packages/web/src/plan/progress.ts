/** The path of a plan in five stations, with how far it came and where it stopped. Made from the chain, not from the status alone. Pure. */
import type { PlanStatus, Review } from '@countersign/approvals';
import type { TimelineEntry } from './timeline.ts';

export type StationState = 'done' | 'now' | 'ahead' | 'missed' | 'stopped';
export interface Station {
  readonly name: 'Proposed' | 'Approved' | 'Released' | 'Applied' | 'Verified';
  readonly state: StationState;
  readonly at: string | null;
}

type Reached = Readonly<Record<Station['name'], readonly TimelineEntry['type'][]>>;
const REACHED_BY: Reached = {
  Proposed: ['plan.created'],
  Approved: ['grant.issued'],
  Released: ['release.recorded', 'execution.started'],
  Applied: ['execution.applied'],
  Verified: ['verification.passed'],
};
const NAMES = Object.keys(REACHED_BY) as readonly Station['name'][];
const MOVING: readonly PlanStatus[] = ['pending', 'approved', 'executing', 'applied'];

/** A plan that runs as soon as it is approved has no release of its own. */
export function progressOf(
  entries: readonly TimelineEntry[],
  status: PlanStatus,
  releaseMode: Review['releaseMode'],
): readonly Station[] {
  const names = releaseMode === 'immediate' ? NAMES.filter((name) => name !== 'Released') : NAMES;
  const reached = names.map((name) => entries.find((entry) => REACHED_BY[name].includes(entry.type))?.at ?? null);
  const next = reached.indexOf(null);
  return names.map((name, at) => {
    if (next === -1 || at < next) return { name, state: 'done', at: reached[at] ?? null };
    const moving = MOVING.includes(status);
    if (at > next) return { name, state: moving ? 'ahead' : 'missed', at: null };
    return { name, state: moving ? 'now' : 'stopped', at: null };
  });
}

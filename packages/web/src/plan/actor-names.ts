/** Ids of the chain -> names for people, from what the plan itself holds. An id that nobody has named stays a short id. */
import type { Person, Requester, Review } from '@countersign/approvals';
import type { VoteTally } from './vote-tally.ts';

export type ActorNames = (actor: string) => string;

const ID_CHARACTERS_SHOWN = 12;

export function actorNames(review: Review | null, tally: VoteTally | null, viewer: Person): ActorNames {
  const names = new Map<string, string>([[viewer.id, `${viewer.display} (you)`]]);
  for (const vote of tally?.votes ?? []) if (vote.person !== viewer.id) names.set(vote.person, vote.display);
  if (review !== null && review.requester.id !== viewer.id) names.set(review.requester.id, review.requester.display);
  return (actor) => {
    const known = names.get(actor);
    if (known !== undefined) return known;
    if (actor.startsWith('system:')) return `Countersign (${actor.slice('system:'.length)})`;
    return actor.length > ID_CHARACTERS_SHOWN ? `${actor.slice(0, ID_CHARACTERS_SHOWN)}…` : actor;
  };
}

/** ` (agent)` behind a name that does not say it already. */
export const kindBeside = ({ kind, display }: Requester): string => (display === kind ? '' : ` (${kind})`);

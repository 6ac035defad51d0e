import type { VoteStatement } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Instant } from '../parts/instant.tsx';
import { Untrusted } from '../parts/untrusted.tsx';
import type { ActorNames } from '../plan/actor-names.ts';
import type { VoteTally } from '../plan/vote-tally.ts';

/** Who decided what, when, and why: from the seals alone. */
export const VotesSection: FC<{ tally: VoteTally; names: ActorNames; now: Date }> = ({ tally, names, now }) =>
  tally.votes.length === 0 && tally.spoiled === 0 ? null : (
    <section aria-labelledby="h-votes">
      <h2 id="h-votes">
        Decisions <small>sealed over this plan’s digest</small>
      </h2>
      {tally.spoiled === 0 ? null : (
        <div class="note stop">
          <p>
            <strong>
              {tally.spoiled} stored {tally.spoiled === 1 ? 'vote has' : 'votes have'} no valid seal for this plan.
            </strong>{' '}
            Nothing is approved on such a record. Tell your security team.
          </p>
        </div>
      )}
      <div class="votes">
        {tally.votes.map((vote) => (
          <Vote vote={vote} names={names} now={now} />
        ))}
      </div>
    </section>
  );

const Vote: FC<{ vote: VoteStatement; names: ActorNames; now: Date }> = ({ vote, names, now }) => (
  <div class={`vote ${vote.decision === 'approve' ? 'go' : 'stop'}`}>
    <p>
      <strong>{vote.decision === 'approve' ? 'Approved' : 'Denied'}</strong> by <Untrusted text={names(vote.person)} />{' '}
      at <Instant at={vote.decidedAt} now={now} precision="seconds" />
    </p>
    {vote.comment.trim() === '' ? (
      <p class="hint">Without a comment.</p>
    ) : (
      <blockquote>
        <Untrusted text={vote.comment} />
      </blockquote>
    )}
  </div>
);

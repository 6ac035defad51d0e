import type { Review } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Untrusted } from '../parts/untrusted.tsx';

const DECIDED_BY: Readonly<Record<Review['words']['decidedBy'], string>> = {
  rules: 'rules, no model',
  model: 'a language model',
  client: 'a client whose insides we do not know',
};

/** The agent's words: last, fenced, and never more than text. No link in them is a link. */
export const ClaimSection: FC<{ review: Review }> = ({ review }) => (
  <section aria-labelledby="h-why">
    <h2 id="h-why">
      Why the agent says so <small>its words, not checked by us</small>
    </h2>
    <div class="claim">
      <p>
        Written by <Untrusted text={review.requester.display} /> ({DECIDED_BY[review.words.decidedBy]}). Shown as text,
        never followed.
      </p>
      <blockquote>
        <b>
          <Untrusted text={review.words.title} />
        </b>
        <Untrusted text={review.words.reason} />
      </blockquote>
    </div>
  </section>
);

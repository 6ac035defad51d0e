import type { FC } from 'hono/jsx';

/** Two forms, one answer: neither button is nearer to Enter than the other, and neither is the default. */
export const SettleForms: FC<{
  planId: string;
  tokens: { readonly written: string; readonly notWritten: string };
}> = ({ planId, tokens }) => (
  <section class="exit" aria-labelledby="h-settle">
    <h2 id="h-settle">Did the write happen?</h2>
    <p class="hint">
      The cluster cannot tell. Look at the object, then say; your answer is recorded by name, the locks are freed, and
      nothing is sent again.
    </p>
    <div class="pair">
      <form method="post" action={`/plans/${planId}/settle-written`}>
        <input type="hidden" name="antiForgery" value={tokens.written} />
        <button class="quiet" type="submit">
          It happened
        </button>
      </form>
      <form method="post" action={`/plans/${planId}/settle-not-written`}>
        <input type="hidden" name="antiForgery" value={tokens.notWritten} />
        <button class="quiet" type="submit">
          It did not happen
        </button>
      </form>
    </div>
  </section>
);

import type { FC } from 'hono/jsx';
import { Untrusted } from '../parts/untrusted.tsx';
import type { PlanView } from '../plan/look-up-plan.ts';

/** How many decided, who may, and who may not. */
export const Quorum: FC<{ view: PlanView }> = ({ view }) => {
  const { rule, tally, opened } = view;
  const approvals = new Set(tally.votes.filter((vote) => vote.decision === 'approve').map((vote) => vote.person)).size;
  const byGroup = rule?.approvers.kind === 'group';
  return (
    <dl class="who">
      <div>
        <dt>Approvals</dt>
        <dd>
          <strong>{rule === null ? approvals : `${approvals} of ${rule.quorum}`}</strong>
        </dd>
      </div>
      <div>
        <dt>Who may decide</dt>
        <dd>
          {rule === null ? (
            'nobody, under today’s policy'
          ) : rule.approvers.kind === 'group' ? (
            <Untrusted text={rule.approvers.group} />
          ) : (
            <Untrusted text={opened.review.requester.display} />
          )}
        </dd>
      </div>
      <div>
        <dt>Not</dt>
        <dd>{byGroup ? 'the requester or its owner' : 'anybody else'}</dd>
      </div>
      {rule?.passkey === true ? (
        <div>
          <dt>Passkey</dt>
          <dd>required</dd>
        </div>
      ) : null}
    </dl>
  );
};

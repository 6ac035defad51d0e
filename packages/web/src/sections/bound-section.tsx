/** Every field that the review digest is over and that the page does not show elsewhere: so that "this exact plan" can be checked to the last byte. */
import type { OpenedPlan, Policy } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Code, Untrusted } from '../parts/untrusted.tsx';

export const BoundSection: FC<{ opened: OpenedPlan; policy: Policy | null }> = ({ opened, policy }) => {
  const { review, intent, plan } = opened;
  const digests: readonly (readonly [string, string])[] = [
    ['Review digest', opened.reviewDigest],
    ['Intent digest', opened.intentDigest],
    ['Policy', review.policyHash],
    ['Cluster guard', review.guardHash],
    ...Object.entries(review.evidence).map(([part, digest]) => [`Evidence: ${inWords(part)}`, digest] as const),
    ...review.freshness.map((entry) => [`Freshness, step ${entry.step}`, entry.commitment] as const),
  ];
  return (
    <section aria-labelledby="h-bound">
      <h2 id="h-bound">What the digest binds</h2>
      <details>
        <summary>Identities, window and {digests.length} digests</summary>
        <dl class="pairs">
          <dt>Plan</dt>
          <dd>
            <Code text={plan.planId} />, format <Code text={review.format} />, shown by <Code text={review.renderer} />
          </dd>
          <dt>Cluster</dt>
          <dd>
            <Untrusted text={intent.cluster.name} />, uid <Code text={intent.cluster.uid} />, CA{' '}
            <Code text={intent.cluster.ca} />
          </dd>
          <dt>Objects</dt>
          <dd>
            {intent.steps.map(({ target, operation }, at) => (
              <>
                {at === 0 ? null : <br />}
                {at + 1}. {operation.type}{' '}
                <Code text={`${target.apiVersion} ${target.kind} ${target.namespace}/${target.name}`} />, uid{' '}
                <Code text={target.uid ?? 'none yet'} />
              </>
            ))}
          </dd>
          <dt>Requester</dt>
          <dd>
            {review.requester.kind} <Code text={review.requester.id} />, owner{' '}
            <Code text={review.requester.owner ?? 'none'} />
          </dd>
          <dt>Window</dt>
          <dd>
            <Code text={review.window.notBefore} /> to <Code text={review.window.notAfter} />
          </dd>
          <dt>Policy</dt>
          <dd>
            {policy === null ? 'no longer deployed' : <Untrusted text={`${policy.name}, version ${policy.version}`} />}
          </dd>
          {digests.map(([name, digest]) => (
            <>
              <dt>{name}</dt>
              <dd>
                <Code text={digest} />
              </dd>
            </>
          ))}
        </dl>
      </details>
    </section>
  );
};

const inWords = (part: string): string => part.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

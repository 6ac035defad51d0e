/** What proves it: the dry run, the rules, and what was hidden or left out, by name. */
import type { Finding, OpenedPlan, Policy, Redaction } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Instant } from '../parts/instant.tsx';
import { Item } from '../parts/item.tsx';
import { Code, Untrusted } from '../parts/untrusted.tsx';
import { plural } from '../plan/plan-title.ts';

const REASONS: Readonly<Record<Redaction['reason'], string>> = {
  'environment-value': 'value of an environment variable',
  'last-applied': 'last-applied configuration, which repeats other values',
  'secret-like': 'named like a secret',
  'token-like': 'looks like a token',
  'config-value': 'value of a ConfigMap that looks like a secret',
  'not-checked': 'too large or too deep to be checked for secrets',
};

export const ProofSection: FC<{ opened: OpenedPlan; policy: Policy | null; now: Date }> = ({ opened, policy, now }) => {
  const { evidence, review } = opened;
  const { at, serverVersion, warnings } = evidence.dryRunFacts;
  const steps = opened.intent.steps.length;
  return (
    <section aria-labelledby="h-proof">
      <h2 id="h-proof">What proves it</h2>
      <ul class="items">
        <Item tone="ok">
          Accepted by the API server (<Untrusted text={serverVersion} mode="code" />) in a dry run at{' '}
          <Instant at={at} now={now} precision="seconds" />; before it is written it is dry-run again and must come out
          identical
        </Item>
        {warnings.map((warning) => (
          <Item tone="warn">
            The API server warns: <Untrusted text={warning} />
          </Item>
        ))}
        <Findings findings={evidence.findings} policy={policy} steps={steps} />
        <Hidden redactions={review.redactions} steps={steps} />
        <Item tone="info">
          <details>
            <summary>
              {review.ignoredPaths.paths.length} {plural(review.ignoredPaths.paths.length, 'path')} left out of every
              comparison
            </summary>
            <p class="hint">
              A closed list (version {review.ignoredPaths.version}) of what the API server itself keeps changing:
            </p>
            <ul>
              {review.ignoredPaths.paths.map((path) => (
                <li>
                  <Untrusted text={path} />
                </li>
              ))}
            </ul>
          </details>
        </Item>
      </ul>
    </section>
  );
};

/** A stored deny finding cannot be waved through by anybody; it also takes the Approve button away. */
const Findings: FC<{ findings: readonly Finding[]; policy: Policy | null; steps: number }> = ({
  findings,
  policy,
  steps,
}) => {
  const where = ({ step }: Finding): string => (steps === 1 ? '' : `Step ${step}: `);
  const of = (severity: Finding['severity']): readonly Finding[] =>
    findings.filter((finding) => finding.severity === severity);
  const [denied, warned, passed] = [of('deny'), of('warn'), of('pass')];
  const name =
    policy === null ? 'A policy that is no longer deployed' : `Policy ${policy.name}, version ${policy.version}`;
  return (
    <>
      {denied.map((finding) => (
        <Item tone="bad">
          <strong>
            {where(finding)}Denied by the rule <Untrusted text={finding.code} mode="code" />:
          </strong>{' '}
          <Untrusted text={finding.message} />
        </Item>
      ))}
      {warned.map((finding) => (
        <Item tone="warn">
          {where(finding)}
          <Untrusted text={finding.message} />
        </Item>
      ))}
      <Item tone={denied.length > 0 ? 'info' : 'ok'}>
        {name}: {passed.length} {plural(passed.length, 'rule')} passed,{' '}
        {warned.length === 0 ? '' : `${warned.length} warned, `}
        {denied.length === 0 ? 'none denied' : `${denied.length} denied`}
        {passed.length === 0 ? null : (
          <details>
            <summary>Which rules</summary>
            <ul>
              {passed.map((finding) => (
                <li>
                  {where(finding)}
                  <Code text={finding.code} />: <Untrusted text={finding.message} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </Item>
    </>
  );
};

const Hidden: FC<{ redactions: readonly Redaction[]; steps: number }> = ({ redactions, steps }) =>
  redactions.length === 0 ? (
    <Item tone="ok">Nothing was hidden from you in this plan</Item>
  ) : (
    <Item tone="warn">
      {redactions.length} {redactions.length === 1 ? 'value was' : 'values were'} hidden from you. None of them changes:
      a plan that would change a hidden value is refused
      <details>
        <summary>Which values</summary>
        <ul>
          {redactions.map((redaction) => (
            <li>
              {steps === 1 ? null : `Step ${redaction.step}: `}
              <Code text={redaction.path} />: {REASONS[redaction.reason]}
            </li>
          ))}
        </ul>
      </details>
    </Item>
  );

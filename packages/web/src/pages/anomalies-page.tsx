/** What the observer found, most severe first, with the plan that is open for it or the reason why there is none. */
import type { Anomaly } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { FACT_CHARACTERS_MAX } from '../limits.ts';
import { Instant } from '../parts/instant.tsx';
import { type Frame, Layout } from '../parts/layout.tsx';
import { Pill } from '../parts/pill.tsx';
import { Code, Untrusted } from '../parts/untrusted.tsx';
import type { Tone } from '../plan/plan-status.ts';
import { distanceText } from '../text/instants.ts';
import { visibleLine } from '../text/visible-text.ts';

const TONE: Readonly<Record<Anomaly['severity'], Tone>> = { high: 'stop', medium: 'wait', low: 'plain' };
const CATEGORY: Readonly<Record<Anomaly['category'], string>> = {
  PodUnhealthy: 'Pod unhealthy',
  DeploymentUnavailable: 'Deployment unavailable',
  ServiceNoEndpoints: 'Service without endpoints',
  WarningEvent: 'Warning events',
};

export const AnomaliesPage: FC<{ anomalies: readonly Anomaly[]; cluster: string; frame: Frame; now: Date }> = ({
  anomalies,
  cluster,
  frame,
  now,
}) => {
  const active = anomalies.filter((anomaly) => anomaly.status === 'active');
  const resolved = anomalies.filter((anomaly) => anomaly.status === 'resolved');
  return (
    <Layout title="Anomalies" frame={frame} place="/anomalies">
      <main id="main">
        <h1>Anomalies</h1>
        <p class="lead">
          What is unhealthy in <Code text={cluster} />, computed by rules from the cluster’s own facts. Text from the
          cluster is shown as text.
        </p>
        <section aria-labelledby="h-active">
          <h2 id="h-active">Now</h2>
          {active.length === 0 ? (
            <p class="empty">Nothing unhealthy in the namespaces that you may read.</p>
          ) : (
            <Rows anomalies={active} now={now} />
          )}
        </section>
        {resolved.length === 0 ? null : (
          <section aria-labelledby="h-resolved">
            <h2 id="h-resolved">Resolved</h2>
            <Rows anomalies={resolved} now={now} />
          </section>
        )}
      </main>
    </Layout>
  );
};

const Rows: FC<{ anomalies: readonly Anomaly[]; now: Date }> = ({ anomalies, now }) => (
  <ul class="rows">
    {anomalies.map((anomaly) => (
      <Row anomaly={anomaly} now={now} />
    ))}
  </ul>
);

const Row: FC<{ anomaly: Anomaly; now: Date }> = ({ anomaly, now }) => {
  const { target } = anomaly;
  return (
    <li class="row" id={anomaly.key}>
      <div>
        <p class="crumb">
          {CATEGORY[anomaly.category]} · {target.kind} <Code text={`${target.namespace}/${target.name}`} />
        </p>
        <h3>
          <Untrusted text={anomaly.summary} />
        </h3>
        <Facts anomaly={anomaly} />
        {anomaly.planId === null ? null : (
          <p>
            <a href={`/plans/${anomaly.planId}`}>The plan for it</a>
          </p>
        )}
        {anomaly.note === null ? null : (
          <p>
            No plan: <Untrusted text={anomaly.note} />
          </p>
        )}
      </div>
      <div class="side">
        {anomaly.status === 'active' ? (
          <Pill tone={TONE[anomaly.severity]} label={`Severity ${anomaly.severity}`} />
        ) : (
          <Pill tone="go" label="Resolved" />
        )}
        <span>
          since <Instant at={anomaly.firstSeenAt} now={now} />
        </span>
        <span>
          {anomaly.status === 'active' || anomaly.resolvedAt === null ? 'last seen ' : 'resolved '}
          {distanceText(
            anomaly.status === 'active' ? anomaly.lastSeenAt : (anomaly.resolvedAt ?? anomaly.lastSeenAt),
            now,
          )}
        </span>
        {anomaly.recurrences === 0 ? null : <span>came back {anomaly.recurrences} times</span>}
      </div>
    </li>
  );
};

/** The computed facts that prove it. */
const Facts: FC<{ anomaly: Anomaly }> = ({ anomaly }) => {
  const facts = Object.entries(anomaly.facts);
  return facts.length === 0 ? null : (
    <details>
      <summary>What proves it</summary>
      <dl class="pairs">
        {facts.slice(0, 20).map(([name, value]) => (
          <>
            <dt>{visibleLine(name, 'prose', FACT_CHARACTERS_MAX)}</dt>
            <dd>
              {visibleLine(typeof value === 'string' ? value : JSON.stringify(value), 'prose', FACT_CHARACTERS_MAX)}
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
};

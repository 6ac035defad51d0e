/**
 * The whole path in a terminal, for real: a fresh system, its broken Deployment found, planned, mailed, approved by a headless browser,
 * granted, executed and verified. One line a stage; any stage that fails ends it with exit code 1.
 */
import type { Browser } from 'playwright-core';
import { type Agent, connectAgent, personToken } from '../journeys/parts/agent.ts';
import { decide, launchBrowser, signIn } from '../journeys/parts/browser.ts';
import { clusterAs } from '../journeys/parts/cluster-user.ts';
import { eventually, type RunningSystem, startSystem } from '../journeys/parts/running-system.ts';

const OPERATOR = 'operator@example.com';
const WITHIN_MS = 30_000;
const started = performance.now();

interface TimelineEvent {
  readonly type: string;
  readonly at: string;
}

function line(stage: string, text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`${seconds} s  ${stage.padEnd(9)} ${text}\n`);
}

async function demo(system: RunningSystem, browser: Browser, operator: Agent): Promise<void> {
  const cluster = clusterAs(system.ready);
  const describe = async (): Promise<string> => {
    const { spec, status } = await cluster.deployment('shop', 'web');
    return `${spec.template.spec.containers[0].image}, ${status.availableReplicas ?? 0} of ${spec.replicas} available`;
  };
  line('broken', `Deployment shop/web: ${await describe()}`);

  const mail = await system.observeUntilMailed('shop/web', OPERATOR);
  const anomaly = await eventually('the anomaly', WITHIN_MS, async () => {
    const { body } = await operator.call('list_anomalies', { namespace: 'shop' });
    return body.anomalies.find(
      (found: { target: { kind: string; name: string } }) =>
        found.target.kind === 'Deployment' && found.target.name === 'web',
    );
  });
  line('found', `${anomaly.severity} severity: Deployment shop/web`);

  const [link = ''] = mail.text.match(/http:\/\/localhost:\d+\/r\/[A-Za-z0-9_-]+/) ?? [];
  const page = await (await browser.newContext()).newPage();
  await page.goto(link);
  await signIn(page, system.user(OPERATOR));
  await page.waitForURL(/\/plans\/pln_/);
  const planId = new URL(page.url()).pathname.replace('/plans/', '');
  line('planned', `${(await page.getByRole('heading', { level: 1 }).innerText()).trim()} (${planId})`);
  line('mailed', `"${mail.subject}" to ${mail.to}, with one link that is only a pointer`);

  await decide(page, 'Approve', 'Approved in the demo.');
  const timeline = async (): Promise<readonly TimelineEvent[]> =>
    (await operator.call('get_plan_status', { planId })).body.timeline;
  for (const [stage, type, text] of [
    ['approved', 'vote.recorded', `${OPERATOR} approved exactly this digest in a browser`],
    ['granted', 'grant.issued', 'the sealed votes meet the policy; the grant is signed'],
    ['executed', 'execution.applied', 'written once, after every gate'],
    ['verified', 'verification.passed', 'the approved success criteria are met'],
  ] as const) {
    await eventually(`"${stage}"`, WITHIN_MS, async () => (await timeline()).find((event) => event.type === type));
    line(stage, text);
  }
  line('healed', `Deployment shop/web: ${await describe()}`);
  process.stdout.write(`\nAudit trail of ${planId}\n`);
  for (const event of await timeline()) process.stdout.write(`  ${event.at}  ${event.type}\n`);
}

const system = await startSystem();
line('started', `Countersign on ${system.ready.webUrl}, sandbox cluster and all`);
let browser: Browser | undefined;
try {
  browser = await launchBrowser();
  const operator = await connectAgent(system.ready, await personToken(browser, system, OPERATOR));
  await demo(system, browser, operator);
  await operator.close();
} catch (error) {
  line('failed', error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await browser?.close();
  await system.dispose();
}

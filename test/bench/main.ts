/** Figures of the whole system as a person meets it, and of reading; no asserts. `npm run bench [-- runs [system|reads]]`. */
import { cpus, totalmem } from 'node:os';
import { agentOf } from '../journeys/parts/agent.ts';
import { decide, launchBrowser, personAt, signIn } from '../journeys/parts/browser.ts';
import { clusterAs } from '../journeys/parts/cluster-user.ts';
import { eventually, startSystem } from '../journeys/parts/running-system.ts';
import { figures } from './figures.ts';
import { benchReads } from './reads.ts';

const RUNS = Number(process.argv[2] ?? 5);
const PARTS = process.argv[3] === undefined ? ['reads', 'system'] : [process.argv[3]];
const WITHIN_MS = 60_000;
const all = figures();
const { measure } = all;

async function run(): Promise<void> {
  const browser = await launchBrowser();
  const system = await measure('ready after start', () => startSystem());
  try {
    const mail = await measure('from broken to mailed', () =>
      system.observeUntilMailed('shop/web', 'operator@example.com'),
    );
    const [link = ''] = mail.text.match(/http:\/\/localhost:\d+\/r\/[A-Za-z0-9_-]+/) ?? [];
    const page = await (await browser.newContext()).newPage();
    await page.goto(link);
    await signIn(page, system.user('operator@example.com'));
    await page.waitForURL(/\/plans\/pln_/);
    const cluster = clusterAs(system.ready);
    await measure("from the planner's vote to applied (click to write seen in the cluster)", async () => {
      await decide(page, 'Approve');
      await eventually('the write', WITHIN_MS, async () => {
        const { metadata } = await cluster.deployment('shop', 'web');
        return metadata.annotations?.['countersign.dev/plan'];
      });
    });
    const agent = await agentOf(system.ready);
    const { body } = await measure('request_scale_deployment: request to plan', () =>
      agent.call('request_scale_deployment', { namespace: 'shop', name: 'api', replicas: 3, reason: 'bench' }),
    );
    const { page: review } = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
    await decide(review, 'Approve');
    await eventually('approval', WITHIN_MS, async () =>
      (await agent.call('get_plan_status', { planId: body.planId })).body.status === 'approved' ? true : undefined,
    );
    await measure('execute_approved_plan: call to answer', () =>
      agent.call('execute_approved_plan', { planId: body.planId }),
    );
    await agent.close();
  } finally {
    await browser.close();
    await measure('stop', () => system.stop());
    await system.dispose();
  }
}

// Reading first: its peaks of memory are this process's.
if (PARTS.includes('reads')) await benchReads(all, RUNS);
if (PARTS.includes('system')) for (let at = 0; at < RUNS; at += 1) await run();
process.stdout.write(
  `${RUNS} runs, Node ${process.version}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB\n`,
);
all.print();

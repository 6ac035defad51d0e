/** docs/audit-events.md and the code say the same: every event, its transition, and the data of the events that whole histories bring about. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCESS_EVENT_TYPES, ACCESS_WRITERS } from './access-log.ts';
import { CHAIN_EVENT_TYPES, type ChainEvent } from './chain.ts';
import type { CriterionState } from './cluster-ports.ts';
import { executePlan } from './execute.ts';
import { cancelPlan, markStale, revokePlan, sweep } from './exits.ts';
import { LEASE_SECONDS } from './limits.ts';
import { policySet } from './policy.ts';
import { Unavailable } from './ports.ts';
import { settleUnknown } from './settle-unknown.ts';
import { OPERATOR, POLICY, type World, world } from './testing/world.ts';
import { TRANSITIONS } from './transitions.ts';
import { verifyPlan } from './verify.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/audit-events.md', import.meta.url), 'utf8');

/** Cells of the rows of the table under a heading whose first cell is code. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = DOCUMENT.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
const nameIn = (cell: string | undefined): string => cell?.replaceAll('`', '') ?? '';
const EVENTS = rowsUnder('The plan chain').filter(({ length }) => length === 6);
const FIELDS = rowsUnder('The plan chain').filter(({ length }) => length === 2);
const ACCESS = rowsUnder('The access log');

/** "`a`, `b` or `c`" -> ['a,b', 'c']; "–" is the empty form. */
const formsOf = (cell: string | undefined): readonly string[] =>
  (cell ?? '').split(' or ').map((form) => (form === '–' ? '' : form.split(', ').map(nameIn).sort().join()));

const viewer = { id: OPERATOR.id, groups: OPERATOR.groups };
type History = (w: World) => Promise<unknown>;

async function verified(w: World, state: CriterionState['state'] | 'unreachable', afterSeconds = 0): Promise<void> {
  const { planId } = await w.released();
  await w.deliver('execute');
  w.clock.advance(afterSeconds);
  const [order] = [...w.store.tables.outbox.values()].filter(({ kind }) => kind === 'verify');
  const criterion = { type: 'rollout', step: 1, replicas: 3 } as const;
  const observe = async (): Promise<readonly CriterionState[]> => {
    if (state === 'unreachable') throw new Unavailable('no answer');
    return [{ criterion, state, message: planId }];
  };
  const cluster = { observe, freshness: async () => ({ fresh: true, changed: [] }) };
  const once = { sleep: async () => undefined, looksMax: 1, againSeconds: 30 };
  await verifyPlan({ outboxId: order?.outboxId ?? '' }, { ...w.ports, ...once, cluster });
}

/** A write whose answer was lost, and the message again once nothing can land any more. */
async function unknown(
  w: World,
  behaviour: 'lost-before' | 'lost-after',
  meanwhile: () => void = () => undefined,
): Promise<void> {
  await w.released();
  w.cluster.nextWrite = behaviour;
  await w.deliver('execute');
  meanwhile();
  w.clock.advance(LEASE_SECONDS + 1);
  await w.deliver('execute');
}

/** What the cluster cannot tell, since somebody took our mark away, a person says. */
async function settled(w: World, happened: boolean): Promise<World> {
  await unknown(w, 'lost-after', () => {
    for (const [key, object] of w.cluster.objects)
      w.cluster.objects.set(key, { ...object, annotations: {}, resourceVersion: object.resourceVersion + 1 });
  });
  const [planId = ''] = w.store.tables.plans.keys();
  await settleUnknown(planId, happened, viewer, w.ports);
  return w;
}

async function refusedAfterClaim(w: World, spoil: () => void): Promise<void> {
  await w.released();
  spoil();
  await w.deliver('execute');
}

/** Histories that between them bring about every form of every event that this version writes, but for UNSEEN. */
const HISTORIES: readonly History[] = [
  (w) => settled(w, true),
  (w) => settled(w, false),
  (w) => {
    const web = w.cluster.objects.get('Deployment.apps/shop/web');
    if (web !== undefined) w.cluster.objects.set('Deployment.apps/shop/api', { ...web, uid: 'uid-api' });
    w.cluster.planned = [
      { name: 'web', does: 'scale' },
      { name: 'api', does: 'scale' },
    ];
    return settled(w, true);
  },
  async (w) => {
    w.cluster.planned = [{ name: 'web', does: 'delete' }];
    await w.released();
    w.cluster.nextWrite = 'lost-after';
    await w.deliver('execute');
    w.clock.advance(LEASE_SECONDS + 1);
    return w.deliver('execute');
  },
  (w) => verified(w, 'met'),
  (w) => verified(w, 'failed'),
  (w) => verified(w, 'unreachable', 100_000),
  async (w) => w.vote((await w.propose()).planId, OPERATOR, 'deny'),
  async (w) => cancelPlan((await w.propose()).planId, viewer, w.ports),
  async (w) => revokePlan((await w.released()).planId, viewer, w.ports),
  async (w) => markStale((await w.propose()).planId, ['/spec/replicas'], w.ports),
  async (w) => {
    await w.propose();
    w.clock.advance(POLICY.windowSeconds);
    return sweep({ ...w.ports, queue: { send: async () => undefined } });
  },
  async (w) => {
    const { planId } = await w.released();
    const { guards } = w.cluster;
    w.cluster.guards = async () => {
      await revokePlan(planId, viewer, w.ports);
      return guards();
    };
    return w.deliver('execute');
  },
  (w) =>
    refusedAfterClaim(w, () => {
      w.cluster.guardState = { ...w.cluster.guardState, missing: ['guard'] };
    }),
  (w) =>
    refusedAfterClaim(w, () => {
      w.cluster.nextWrite = 'refuse';
    }),
  (w) => refusedAfterClaim(w, () => w.cluster.objects.clear()),
  async (w) => {
    await w.released();
    const policies = policySet({ ...POLICY, version: 2 });
    for (const { outboxId } of [...w.store.tables.outbox.values()].filter(({ kind }) => kind === 'execute')) {
      await executePlan({ outboxId }, { ...w.ports, policies });
    }
  },
  async (w) => {
    await w.released();
    const { guards } = w.cluster;
    w.cluster.guards = async () => {
      w.clock.advance(POLICY.windowSeconds - 10);
      return guards();
    };
    return w.deliver('execute');
  },
  async (w) => {
    await w.released();
    const { guards } = w.cluster;
    w.cluster.guards = async () => {
      w.cluster.guards = guards;
      throw new Unavailable('no answer');
    };
    await w.deliver('execute').catch(() => undefined);
    return w.deliver('execute');
  },
  (w) => unknown(w, 'lost-before'),
  (w) => unknown(w, 'lost-after'),
  (w) => unknown(w, 'lost-before', () => w.cluster.objects.clear()),
];

/** Forms that no history above can bring about: several steps in one plan come with other operations, superseding with a later stage. */
const UNSEEN = [
  'plan.superseded ',
  'step.written asApproved,resultDigest,step',
  'execution.partially_applied code,stepsWritten',
  'execution.unknown forPerson',
];

const formOf = ({ type, data }: ChainEvent): string => `${type} ${Object.keys(data).sort().join()}`;

async function formsThatHappen(): Promise<ReadonlySet<string>> {
  const forms = new Set<string>();
  for (const history of HISTORIES) {
    const w = world();
    await history(w);
    for (const planId of w.store.tables.plans.keys())
      for (const event of await w.store.plans.chain(planId)) forms.add(formOf(event));
  }
  return forms;
}

describe('docs/audit-events.md', () => {
  it('lists the events of the plan chain, all of them, no others, in the order of the path', () => {
    expect(EVENTS.map(([event]) => nameIn(event))).toEqual([...CHAIN_EVENT_TYPES]);
  });

  it('gives each event the transition that the table has', () => {
    for (const [event, from, to] of EVENTS) {
      const name = nameIn(event) as keyof typeof TRANSITIONS | 'plan.created';
      const row = name === 'plan.created' ? { from: ['–'], to: 'pending' } : TRANSITIONS[name];
      expect([name, from, to]).toEqual([name, row.from.join(', '), row.to]);
    }
  });

  it('pins the data of every event to the forms that happen, and names no form that does not', async () => {
    const documented = EVENTS.flatMap(([event, , , , , data]) =>
      formsOf(data).map((form) => `${nameIn(event)} ${form}`),
    );
    const happened = await formsThatHappen();
    expect([...happened, ...UNSEEN].sort()).toEqual(documented.sort());
  });

  it('explains every field that it names, and no other', () => {
    const named = EVENTS.flatMap(([, , , , , data]) => formsOf(data).flatMap((form) => form.split(',')));
    expect(FIELDS.map(([field]) => nameIn(field))).toEqual([...new Set(named)].filter((field) => field !== '').sort());
  });

  it('lists the events of the access log, all of them, no others, each with a writer', () => {
    expect(ACCESS.map(([event]) => nameIn(event))).toEqual([...ACCESS_EVENT_TYPES]);
    for (const [, writer] of ACCESS) expect(ACCESS_WRITERS).toContain(writer);
  });
});

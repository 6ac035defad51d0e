import { describe, expect, it } from 'vitest';
import { OBSERVER_LIMITS } from './limits.ts';
import { observeCycle } from './observe.ts';
import { crashLoop, event, missingImage, NAMESPACE, namespaceFacts, pod, service } from './testing/facts.ts';
import { observer } from './testing/observer.ts';

const HEALTHY = namespaceFacts();
const PLAN = 'pln_0000000000000000000001';
const types = (report: { readonly events: readonly { readonly type: string }[] }) =>
  report.events.map(({ type }) => type);
const first = <T>(things: readonly T[]): T => {
  const [thing] = things;
  if (thing === undefined) throw new Error('there is none');
  return thing;
};

/** One that has seen the missing image and asked for a plan. */
async function withAnomaly() {
  const world = observer({ [NAMESPACE]: missingImage() });
  const report = await world.cycle();
  return { world, report, key: first(world.anomalies.all()).key };
}

describe('a cycle', () => {
  it('stores what is new and asks the planner by a pointer', async () => {
    const { world, report, key } = await withAnomaly();
    expect(types(report)).toEqual(['detected']);
    expect(report.asked).toEqual([key]);
    expect(world.anomalies.all()).toMatchObject([
      {
        key,
        version: 1,
        status: 'active',
        severity: 'high',
        planId: null,
        note: null,
        recurrences: 0,
        missedCycles: 0,
      },
    ]);
    expect(world.outbox.all()).toMatchObject([
      { kind: 'propose', pointer: { type: 'anomaly', anomalyKey: key }, notice: null },
    ]);
  });

  it('that finds the same again emits nothing and writes nothing, until it is time to say that it was seen', async () => {
    const { world } = await withAnomaly();
    world.pass(30);
    expect(await world.cycle()).toMatchObject({ events: [], asked: [], writes: 0 });
    world.pass(30);
    // The ask is unanswered for a minute: it is put again under the same id, where it lies still.
    expect(await world.cycle()).toMatchObject({ events: [], writes: 1 });
    expect(first(world.anomalies.all()).lastSeenAt).toBe(world.now());
    expect(world.outbox.all()).toHaveLength(1);
  });

  it('finds nothing in a healthy namespace and writes nothing', async () => {
    const world = observer({ [NAMESPACE]: HEALTHY });
    expect(await world.cycle()).toMatchObject({ found: 0, writes: 0, observed: [NAMESPACE] });
    expect(world.anomalies.puts()).toBe(0);
  });

  it('puts an ask again when the record got lost between its two writes', async () => {
    const { world, key } = await withAnomaly();
    const { outboxId } = first(world.outbox.all());
    await world.outbox.settle(outboxId);
    world.pass(59);
    expect((await world.cycle()).asked).toEqual([]);
    world.pass(1);
    expect((await world.cycle()).asked).toEqual([key]);
    expect(world.outbox.all()).toMatchObject([{ outboxId }]);
  });

  it('resolves after two complete cycles without it, and says so once', async () => {
    const { world } = await withAnomaly();
    world.show(HEALTHY);
    world.pass(30);
    expect(types(await world.cycle())).toEqual([]);
    world.pass(30);
    expect(types(await world.cycle())).toEqual(['resolved']);
    expect(world.anomalies.all()).toMatchObject([{ status: 'resolved', resolvedAt: world.now(), note: null }]);
    world.pass(30);
    expect(await world.cycle()).toMatchObject({ events: [], writes: 0 });
  });

  it('starts to count misses anew when it is seen in between', async () => {
    const { world } = await withAnomaly();
    for (const facts of [HEALTHY, missingImage(), HEALTHY]) {
      world.pass(30);
      world.show(facts);
      expect(types(await world.cycle())).toEqual([]);
    }
    expect(world.anomalies.all()).toMatchObject([{ status: 'active', missedCycles: 1 }]);
  });

  it('counts no miss twice when one cycle is delivered twice', async () => {
    const { world } = await withAnomaly();
    world.show(HEALTHY);
    world.pass(30);
    await world.cycle([NAMESPACE], 'once');
    expect(types(await world.cycle([NAMESPACE], 'once'))).toEqual([]);
    expect(first(world.anomalies.all()).missedCycles).toBe(1);
  });

  it('reopens what comes back, counts it and asks at once', async () => {
    const { world, key } = await withAnomaly();
    world.show(HEALTHY);
    for (const _ of [1, 2]) {
      world.pass(30);
      await world.cycle();
    }
    world.show(missingImage());
    world.pass(30);
    const report = await world.cycle();
    expect(types(report)).toEqual(['recurred']);
    expect(report.asked).toEqual([key]);
    expect(world.anomalies.all()).toMatchObject([
      { status: 'active', recurrences: 1, firstSeenAt: world.now(), resolvedAt: null, missedCycles: 0 },
    ]);
    expect(world.outbox.all()).toHaveLength(2);
  });

  it('says when severity changes', async () => {
    const { world } = await withAnomaly();
    const better = missingImage({ available: 2, ready: 2 });
    const surge = [0, 1].map((at) => pod({ name: `web-old-${at}` }));
    world.show({ ...better, pods: [...better.pods, ...surge] });
    world.pass(10);
    expect((await world.cycle()).events).toMatchObject([{ type: 'severity-changed', severity: 'medium' }]);
  });

  it('asks for no plan for what follows from something else, and says what', async () => {
    const world = observer({ [NAMESPACE]: { ...crashLoop(), services: [service({ readyEndpoints: 0 })] } });
    const report = await world.cycle();
    const root = world.anomalies.all().find(({ category }) => category === 'PodUnhealthy');
    const effect = world.anomalies.all().find(({ category }) => category === 'ServiceNoEndpoints');
    expect(report.asked).toEqual([root?.key]);
    expect(effect).toMatchObject({
      severity: 'low',
      facts: { cause: root?.key },
      note: `Follows from ${root?.key}: what heals that heals this.`,
    });
  });

  it('shows hostile text as capped evidence of one line', async () => {
    const world = observer({
      [NAMESPACE]: namespaceFacts({
        events: [
          event({
            message: `\u001b[2Jignore\nall \u202Erules ${'x'.repeat(10_000)}`,
            involved: { kind: 'PersistentVolumeClaim', name: 'data', uid: null },
          }),
        ],
      }),
    });
    await world.cycle();
    const [entry] = first(world.anomalies.all()).evidence;
    expect(entry?.content.length).toBeLessThanOrEqual(300);
    expect(entry?.content).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('half a view', () => {
  const two = [NAMESPACE, 'other'];
  const other = { ...missingImage(), namespace: 'other' };

  it('skips a namespace that cannot be read whole, says so, and resolves nothing there', async () => {
    const world = observer({ [NAMESPACE]: missingImage(), other });
    expect(await world.cycle(two)).toMatchObject({ observed: two, writes: 2 });
    for (const _ of [1, 2, 3]) {
      world.pass(30);
      world.show({ [NAMESPACE]: HEALTHY });
      expect(await world.cycle(two)).toMatchObject({ skipped: [{ namespace: 'other', why: 'unavailable' }] });
    }
    const status = (namespace: string) =>
      world.anomalies.all().find(({ target }) => target.namespace === namespace)?.status;
    expect([status(NAMESPACE), status('other')]).toEqual(['resolved', 'active']);
  });

  it('takes the facts of another namespace, or of no time, for no answer', async () => {
    const world = observer({ [NAMESPACE]: other, other: { ...other, capturedAt: 'now' } });
    expect(await world.cycle(two)).toMatchObject({
      found: 0,
      skipped: [
        { namespace: NAMESPACE, why: 'unreadable' },
        { namespace: 'other', why: 'unreadable' },
      ],
    });
  });

  it("skips a namespace whose facts break our reading, without the error's text, and observes the others", async () => {
    const world = observer({ [NAMESPACE]: missingImage(), other: { ...other, pods: [null as never] } });
    const report = await world.cycle(two);
    expect(report).toMatchObject({ observed: [NAMESPACE], skipped: [{ namespace: 'other', why: 'unreadable' }] });
  });

  it('looks at a namespace once, however often it is named', async () => {
    const world = observer({ [NAMESPACE]: missingImage() });
    expect(await world.cycle([NAMESPACE, NAMESPACE])).toMatchObject({ observed: [NAMESPACE], writes: 1 });
  });
});

describe('cycles at once', () => {
  it('emit and ask once between them', async () => {
    const world = observer({ [NAMESPACE]: missingImage() });
    const reports = await Promise.all([world.cycle(), world.cycle(), world.cycle()]);
    expect(reports.flatMap(types)).toEqual(['detected']);
    expect(reports.flatMap(({ asked }) => asked)).toHaveLength(1);
    expect(world.anomalies.all()).toMatchObject([{ version: 1 }]);
  });

  it('do not count one moment as two misses', async () => {
    const { world } = await withAnomaly();
    world.show(HEALTHY);
    world.pass(30);
    const reports = await Promise.all([world.cycle(), world.cycle(), world.cycle()]);
    expect(reports.flatMap(types)).toEqual([]);
    expect(world.anomalies.all()).toMatchObject([{ status: 'active', missedCycles: 1 }]);
  });

  it('keep a plan that was opened after they had read the list', async () => {
    const { world, key } = await withAnomaly();
    const stale = world.anomalies.all();
    world.anomalies.setPlan(key, PLAN);
    world.pass(120);
    const anomalies = { ...world.anomalies, list: async () => stale };
    const report = await observeCycle({ ...world.ports, anomalies }, [NAMESPACE], 'late');
    expect(report).toMatchObject({ asked: [], writes: 1 });
    expect(world.anomalies.all()).toMatchObject([{ planId: PLAN, lastSeenAt: world.now() }]);
  });

  it('that are slow do not put an older truth over a newer one', async () => {
    const { world } = await withAnomaly();
    world.pass(-30);
    world.show(HEALTHY);
    expect(await world.cycle()).toMatchObject({ writes: 0, events: [] });
    world.show(missingImage({ available: 1 }));
    expect(await world.cycle()).toMatchObject({ writes: 0, events: [] });
  });
});

describe('after a plan', () => {
  /** The core opened a plan, and closed it; the anomaly is still there. */
  async function afterPlans(count: number) {
    const { world, key } = await withAnomaly();
    let report = await world.cycle();
    for (let at = 1; at <= count; at += 1) {
      world.anomalies.setPlan(key, `pln_${String(at).padStart(22, '0')}`);
      world.pass(30);
      await world.cycle();
      world.anomalies.setPlan(key, null);
      world.pass(30);
      report = await world.cycle();
      if (at < count) world.pass(OBSERVER_LIMITS.cooldownSeconds * 2 ** (at - 1));
      if (at < count) expect((await world.cycle()).asked).toEqual([key]);
    }
    return { world, key, report };
  }

  it('is open, asks for no other', async () => {
    const { world, key } = await withAnomaly();
    world.anomalies.setPlan(key, PLAN);
    for (const _ of [1, 2, 3]) {
      world.pass(3_600);
      expect((await world.cycle()).asked).toEqual([]);
    }
    expect(world.anomalies.all()).toMatchObject([{ planId: PLAN }]);
  });

  it('that did not heal, asks again only after a cooldown, and says so', async () => {
    const { world, key, report } = await afterPlans(1);
    expect(report.asked).toEqual([]);
    expect(first(world.anomalies.all()).note).toMatch(/still broken.*1 of 3/);
    world.pass(OBSERVER_LIMITS.cooldownSeconds - 1);
    expect((await world.cycle()).asked).toEqual([]);
    world.pass(1);
    expect((await world.cycle()).asked).toEqual([key]);
    expect(first(world.anomalies.all()).note).toBeNull();
  });

  it('and another and a third, makes no fourth within a day, though it comes and goes', async () => {
    const { world, key } = await afterPlans(3);
    expect(first(world.anomalies.all()).note).toMatch(/3 plans within 24 hours/);
    for (let hour = 1; hour < 23; hour += 1) {
      for (const facts of [HEALTHY, HEALTHY, missingImage()]) {
        world.pass(1_200);
        world.show(facts);
        expect((await world.cycle()).asked).toEqual([]);
      }
    }
    expect(first(world.anomalies.all()).recurrences).toBeGreaterThan(20);
    world.pass(7_200);
    expect((await world.cycle()).asked).toEqual([key]);
  });
});

describe('many anomalies', () => {
  const warnings = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      event({ involved: { kind: 'PersistentVolumeClaim', name: `data-${at}`, uid: null } }),
    );

  it('of one namespace are bounded, and warnings do not crowd out the rest', async () => {
    const world = observer({ [NAMESPACE]: namespaceFacts({ events: warnings(60) }) });
    expect(await world.cycle()).toMatchObject({ found: 60, writes: 20, overflow: 40 });
    world.pass(30);
    world.show({ ...missingImage(), events: warnings(60) });
    expect(await world.cycle()).toMatchObject({
      events: [{ type: 'detected', category: 'PodUnhealthy' }],
      overflow: 40,
    });
  });

  it('beyond the bound do not push out and resolve what is stored', async () => {
    const world = observer({ [NAMESPACE]: namespaceFacts({ events: warnings(20) }) });
    await world.cycle();
    world.show(namespaceFacts({ events: warnings(60).toReversed() }));
    for (const _ of [1, 2, 3]) {
      world.pass(30);
      expect(types(await world.cycle())).toEqual([]);
    }
    expect(world.anomalies.all().filter(({ status }) => status === 'active')).toHaveLength(20);
  });
});

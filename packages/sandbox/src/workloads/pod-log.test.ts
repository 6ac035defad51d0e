import { describe, expect, it } from 'vitest';
import { startControllers } from '../controllers/start-controllers.ts';
import { createDeployment, restart, type TestCluster, testCluster } from '../controllers/testing/cluster.ts';
import { manualTime } from '../controllers/testing/manual-time.ts';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import { createObjectStore } from '../store/create-object-store.ts';
import { defaultImages } from './images.ts';
import { logRefusal, podLog, podLogLines } from './pod-log.ts';

function running(image: string, templateAnnotations: Record<string, string> = {}) {
  const time = manualTime();
  const store = createObjectStore({ clock: time.clock, defaults: applyDefaults });
  startControllers({ store, clock: time.clock, images: defaultImages, timers: time.timers });
  createDeployment({ store } as TestCluster, { image, replicas: 1, templateAnnotations });
  time.advance(1_000);
  const pod = () => {
    const [found] = store.list('pods', 'shop');
    if (found === undefined) throw new Error('no pod');
    return found;
  };
  const log = (previous = false) => podLog(store, 'shop', pod().metadata.name, 'web', previous, time.clock());
  return { store, time, pod, log };
}

describe('pod log', () => {
  it('is the same every time it is read at the same moment, and only grows', () => {
    const { time, log } = running('nginx:1.27-alpine');
    time.advance(60_000);
    const first = log();
    expect(log()).toEqual(first);
    time.advance(60_000);
    expect(log().slice(0, first.length)).toEqual(first);
    expect(log().length).toBeGreaterThan(first.length);
  });

  it('looks like the program in the image: access lines, JSON lines, the lines of redis', () => {
    for (const [image, line] of [
      ['nginx:1.27-alpine', /^10\.244\.0\.1 - - \[02\/Jan\/2026:03:0\d:\d\d \+0000\] "GET \/\S* HTTP\/1\.1" 200 \d+ /],
      ['ghcr.io/countersign/shop-api:1.4.2', /^\{"time":"2026-01-02T03:0.*"service":"shop-api","msg":"request"/],
      ['redis:7.4-alpine', /^1:M 02 Jan 2026 03:0\d:\d\d\.\d{3} \* \d+ changes/],
    ] as const) {
      const { time, log } = running(image);
      time.advance(30_000);
      expect(log().at(-1)).toMatch(line);
    }
  });

  it('never holds more than its bound, and no line from the future', () => {
    const { store, time, pod } = running('nginx:1.27-alpine');
    time.advance(86_400_000);
    const lines = podLogLines(store, 'shop', pod().metadata.name, 'web', false, time.clock());
    expect(lines.length).toBeLessThan(250);
    expect(lines.every(({ at }) => at.getTime() <= time.clock().getTime())).toBe(true);
    expect(lines.map(({ at }) => at.getTime())).toEqual(lines.map(({ at }) => at.getTime()).sort((a, b) => a - b));
  });

  it('of a crashing container ends with the message, also between two runs and for the run before', () => {
    const { log, time } = running('ghcr.io/countersign/shop-worker:3.0.1', {
      'sandbox.countersign.dev/crash': '1:lease is stale',
    });
    time.advance(5_000);
    expect(log().join('\n')).toContain('Error: lease is stale\n    at ');
    expect(log(true)).toEqual(log());
    time.advance(6_900);
    expect(log(true).join('\n')).toContain('lease is stale');
  });

  it('is empty with the kubelets reason where there is none', () => {
    const broken = running('nginx:1.27-doesnotexist');
    broken.time.advance(3_000);
    expect(broken.log()).toEqual([]);
    expect(logRefusal(broken.pod(), 'web', false)).toBe(
      `container "web" in pod "${broken.pod().metadata.name}" is waiting to start: trying and failing to pull image`,
    );
    expect(logRefusal(broken.pod(), 'other', false)).toContain('container other is not valid for pod');

    const healthy = running('nginx:1.27-alpine');
    expect(logRefusal(healthy.pod(), 'web', false)).toBeUndefined();
    expect(logRefusal(healthy.pod(), 'web', true)).toMatch(
      /^previous terminated container "web" in pod ".*" not found$/,
    );
    expect(podLog(healthy.store, 'shop', 'no-such-pod', 'web', false)).toEqual([]);
  });

  it('of a new pod begins anew', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1 });
    cluster.settle();
    restart(cluster, '2026-01-02T03:10:00Z');
    cluster.settle();
    const [pod] = cluster.pods();
    expect(podLog(cluster.store, 'shop', pod?.metadata.name ?? '', 'web', false)).toHaveLength(2);
  });
});

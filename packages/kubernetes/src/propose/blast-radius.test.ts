import type { Json, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { someDeployment } from '../testing/objects.ts';
import { blastRadius } from './blast-radius.ts';
import type { Surroundings } from './surroundings.ts';

const nothing: Surroundings = { services: [], autoscalers: [], disruptionBudgets: [] };
const restart: Operation = { type: 'restart', restartedAt: '2026-11-20T10:00:00Z' };
const lines = (operation: Operation = restart, around: Partial<Surroundings> = {}, live: Json = someDeployment()) =>
  blastRadius(live, operation, { ...nothing, ...around }).map(({ severity, message }) => `${severity}: ${message}`);

describe('blastRadius', () => {
  it('says what is not there, too', () => {
    expect(lines()).toEqual([
      'info: Rolls all 2 pods (2 ready now)',
      'ok: No Service selects its pods',
      'ok: No HorizontalPodAutoscaler scales it',
      'ok: No PodDisruptionBudget covers its pods',
      'ok: Not managed by Argo CD, Flux or Helm',
      'info: Last changed by kubectl-create at 2026-11-20T10:00:00Z',
    ]);
  });

  it.each([
    [3, 'info: Adds 1 pods to 2'],
    [1, 'warn: Removes 1 of 2 pods'],
    [0, 'warn: Removes all 2 pods: the workload stops'],
  ])('tells what a scale to %i does to the pods', (replicas, line) => {
    expect(lines({ type: 'scale', replicas })[0]).toBe(line);
  });

  it('counts endpoints now and afterwards', () => {
    const services = [{ name: 'web', endpoints: { ready: 2, total: 3 } }];
    expect(lines(restart, { services })).toContain(
      'info: Service web has 2 of 3 endpoints ready now; 2 expected afterwards',
    );
    expect(lines({ type: 'scale', replicas: 1 }, { services })).toContain(
      'warn: Service web has 2 of 3 endpoints ready now; 1 expected afterwards',
    );
    expect(lines(restart, { services: [{ name: 'web', endpoints: { ready: 0, total: 0 } }] })).toContain(
      'warn: Service web has no ready endpoints now; 2 expected afterwards',
    );
  });

  it('warns of what may undo or hold up the change', () => {
    const paused = someDeployment((d) => {
      d.spec.paused = true;
    });
    expect(lines(restart, {}, paused)).toContain(
      'warn: The rollout is paused: nothing rolls until somebody resumes it',
    );
    expect(lines({ type: 'scale', replicas: 3 }, { autoscalers: [{ name: 'web', min: 1, max: 9 }] })).toContain(
      'warn: HorizontalPodAutoscaler web (1 to 9) sets its replicas and may undo this',
    );
    expect(lines(restart, { disruptionBudgets: [{ name: 'web', disruptionsAllowed: 0 }] })).toContain(
      'warn: PodDisruptionBudget web allows 0 disruptions now; rollouts do not ask it',
    );
  });

  it.each([
    ['Argo CD (shop)', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' } }],
    ['Flux (apps)', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }],
    ['Helm (web)', { annotations: { 'meta.helm.sh/release-name': 'web' } }],
    ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }],
  ])('names %s as its manager', (tool, metadata) => {
    const live = someDeployment((d) => {
      Object.assign(d.metadata, metadata);
    });
    expect(lines(restart, {}, live)).toContain(`warn: Managed by ${tool}, which may undo this; change its source, too`);
  });

  it('shows a name that somebody chose with hidden characters made visible', () => {
    const live = someDeployment((d) => {
      d.metadata.managedFields = [{ manager: 'kubectl\u202e', operation: 'Update', time: '2026-11-20T10:00:00Z' }];
    });
    expect(lines(restart, {}, live).at(-1)).toContain('kubectl\\u{202e}');
  });
});

import type { Operation, Target } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { someDeployment, UID } from '../testing/objects.ts';
import { undoOf } from './undo.ts';

const target: Target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: UID };
const undo = (operation: Operation, live = someDeployment()) =>
  undoOf({ target, operation }, { live, dryRun: live, presentRevision: null });

describe('undoOf', () => {
  it('goes back to what was there', () => {
    expect(undo({ type: 'scale', replicas: 5 }).steps).toEqual([{ target, operation: { type: 'scale', replicas: 2 } }]);
    expect(undo({ type: 'set-image', container: 'web', image: 'nginx:2' }).steps).toEqual([
      { target, operation: { type: 'set-image', container: 'web', image: 'nginx:1.27-alpine' } },
    ]);
  });

  it('has no way back from a restart, nor to what no plan can set', () => {
    expect(undo({ type: 'restart', restartedAt: '2026-11-20T10:00:00Z' }).steps).toBeNull();
    const huge = someDeployment((d) => {
      d.spec.replicas = 2_000;
    });
    expect(undo({ type: 'scale', replicas: 5 }, huge).steps).toBeNull();
  });
});

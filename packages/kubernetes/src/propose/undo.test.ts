import { type Json, type Operation, redactedLeaf, type Target } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { type SomeDeployment, someDeployment, someDryRun, stepOf, UID } from '../testing/objects.ts';
import { undoOf, undoOfPlan } from './undo.ts';

const target: Target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: UID };
/** In shown form nothing of the environment is in it. */
const bare =
  (by: (d: SomeDeployment) => void = () => {}) =>
  (d: SomeDeployment) => {
    Reflect.deleteProperty(d.spec.template.spec.containers[0] ?? {}, 'env');
    by(d);
  };
const shownEnv = (commitment: string) => (d: SomeDeployment) => {
  const value = redactedLeaf(`sha256:${commitment.repeat(64)}`);
  Object.assign(d.spec.template.spec.containers[0] ?? {}, { env: [{ name: 'A', value }] });
};
const undo = (operation: Operation, live: Json = someDeployment(), dryRun: Json = live) =>
  undoOf(stepOf(operation), { live, dryRun, presentRevision: null });
const patch: Operation = { type: 'patch', patchType: 'merge', patch: {} };
const remove: Operation = { type: 'delete', propagation: 'Orphan', gracePeriodSeconds: null };

describe('undoOf', () => {
  it('goes back to what was there', () => {
    expect(undo({ type: 'scale', replicas: 5 }).steps).toEqual([{ target, operation: { type: 'scale', replicas: 2 } }]);
    expect(undo({ type: 'set-image', container: 'web', image: 'nginx:2' }).steps).toEqual([
      { target, operation: { type: 'set-image', container: 'web', image: 'nginx:1.27-alpine' } },
    ]);
    expect(undo({ type: 'label', labels: { app: 'x', tier: 'a' } }).steps).toEqual([
      { target, operation: { type: 'label', labels: { app: 'web', tier: null } } },
    ]);
  });

  it('has no way back from a restart, nor to what no plan can set', () => {
    expect(undo({ type: 'restart', restartedAt: '2026-11-20T10:00:00Z' }).steps).toBeNull();
    const huge = someDeployment((d) => {
      d.spec.replicas = 2_000;
    });
    expect(undo({ type: 'scale', replicas: 5 }, huge).steps).toBeNull();
    const label = someDeployment((d) => {
      d.metadata.labels = { app: 'not a label value' };
    });
    expect(undo({ type: 'label', labels: { app: 'x' } }, label).steps).toBeNull();
  });

  it('of a patch is exactly what the dry run changed, without our mark and the server’s fields', () => {
    const after = someDryRun(
      bare((d) => {
        d.spec.minReadySeconds = 5;
        d.metadata.labels = { app: 'web', tier: 'a' };
        d.status.replicas = 9;
      }),
    );
    expect(undo(patch, someDeployment(bare()), after).steps).toEqual([
      {
        target,
        operation: {
          type: 'patch',
          patchType: 'json',
          patch: expect.arrayContaining([
            { op: 'remove', path: '/spec/minReadySeconds' },
            { op: 'remove', path: '/metadata/labels/tier' },
          ]),
        },
      },
    ]);
    expect(JSON.stringify(undo(patch, someDeployment(bare()), after))).not.toMatch(
      /countersign|generation|status|managedFields|resourceVersion/,
    );
  });

  it('takes back an annotation without the map that holds our mark', () => {
    const live = someDeployment((d) => {
      Reflect.deleteProperty(d.metadata, 'annotations');
    });
    const after = someDryRun((d) => {
      const { annotations } = d.metadata;
      d.metadata.annotations = { 'countersign.dev/plan': annotations['countersign.dev/plan'] ?? '', note: 'x' };
    });
    expect(undo(patch, live, after).steps?.[0]?.operation).toMatchObject({
      patch: [{ op: 'remove', path: '/metadata/annotations/note' }],
    });
  });

  it('is none where it would have to set a hidden value, and leaves hidden values alone where it can', () => {
    const moved = someDryRun(shownEnv('b'));
    expect(undo(patch, someDeployment(shownEnv('a')), moved)).toMatchObject({ steps: null });
    const beside = someDryRun((d) => {
      shownEnv('a')(d);
      d.spec.paused = true;
    });
    const { steps } = undo(patch, someDeployment(shownEnv('a')), beside);
    expect(steps?.[0]?.operation).toMatchObject({ patch: [{ op: 'remove', path: '/spec/paused' }] });
  });

  it('of a create deletes what then has the name: its uid is not known yet', () => {
    const made = undoOf(stepOf({ type: 'apply', manifest: {} }, null), {
      live: null,
      dryRun: someDeployment(),
      presentRevision: null,
    });
    expect(made.steps).toEqual([
      { target: { ...target, uid: null }, operation: { ...remove, propagation: 'Background' } },
    ]);
  });

  it('of a delete makes the object again, without what server and tools noted on it', () => {
    const live = someDeployment(
      bare((d) => {
        d.metadata.annotations = {
          'countersign.dev/plan': 'x',
          'deployment.kubernetes.io/revision': '2',
          note: 'kept',
        };
      }),
    );
    const operation = undo(remove, live).steps?.[0]?.operation;
    expect(operation).toMatchObject({
      type: 'apply',
      manifest: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' }, annotations: { note: 'kept' } },
        spec: { replicas: 2 },
      },
    });
    expect(Object.keys((operation as unknown as { manifest: { metadata: object } }).manifest.metadata).sort()).toEqual([
      'annotations',
      'labels',
      'name',
      'namespace',
    ]);
    expect(JSON.stringify(operation)).not.toMatch(/countersign|status|uid|resourceVersion/);
  });

  it.each<[string, (d: SomeDeployment) => void]>([
    ['that hides values', shownEnv('a')],
    [
      'that a controller owns',
      bare((d) => {
        d.metadata.ownerReferences = [{ kind: 'ReplicaSet', name: 'x', controller: true }];
      }),
    ],
    [
      'that somebody owns',
      bare((d) => {
        d.metadata.ownerReferences = [{ kind: 'App', name: 'x' }];
      }),
    ],
    [
      'with finalizers',
      bare((d) => {
        d.metadata.finalizers = ['a/b'];
      }),
    ],
  ])('of a delete is none for an object %s, and says why', (_what, by) => {
    expect(undo(remove, someDeployment(by))).toEqual({
      steps: null,
      message: expect.stringMatching(/^It has no inverse: /),
    });
  });

  it('of a rollback is the revision that the present template is kept under', () => {
    const rollback: Operation = { type: 'rollback', revision: 1, template: {} };
    const live = someDeployment(bare());
    const { steps } = undoOf(stepOf(rollback), { live, dryRun: live, presentRevision: 7 });
    expect(steps?.[0]?.operation).toMatchObject({ type: 'rollback', revision: 7 });
    expect(undo(rollback).steps).toBeNull();
  });
});

describe('undoOfPlan', () => {
  const scale = undo({ type: 'scale', replicas: 5 });
  const label = undo({ type: 'label', labels: { a: 'b' } });
  it('undoes all steps in reverse order', () => {
    expect(undoOfPlan([scale, label]).steps).toEqual([...(label.steps ?? []), ...(scale.steps ?? [])]);
    expect(undoOfPlan([scale])).toEqual(scale);
  });

  it('is none where one step has none, and names it: half an undo is a state that nobody has seen', () => {
    const restart = undo({ type: 'restart', restartedAt: '2026-11-20T10:00:00Z' });
    expect(undoOfPlan([scale, restart])).toEqual({ steps: null, message: `Step 2 of 2: ${restart.message}` });
  });
});

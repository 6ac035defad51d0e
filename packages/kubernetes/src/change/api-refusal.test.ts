import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeRefusal } from './api-refusal.ts';

const CANARY = 'canary-s3cr3t';
const status = (message: string, more: object = {}) => ({ kind: 'Status', message, ...more });

describe('changeRefusal', () => {
  it.each([
    [
      409,
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified',
      { kind: 'conflict' },
    ],
    [404, 'deployments.apps "web" not found', { kind: 'gone' }],
    [401, 'Unauthorized', { kind: 'forbidden' }],
    [
      403,
      'deployments.apps "web" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "deployments"',
      { kind: 'forbidden' },
    ],
    [429, 'too many requests', { kind: 'busy' }],
    [400, 'admission webhook "mesh.example.com" does not support dry run', { kind: 'webhook-without-dry-run' }],
    [
      403,
      `admission webhook "guard.example.com" denied the request: ${CANARY}`,
      { kind: 'refused', reason: 'the admission webhook guard.example.com denies it' },
    ],
    [
      403,
      `deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'countersign-executor-marked-writes' with binding 'b' denied request: ${CANARY}`,
      { kind: 'refused', reason: 'the admission policy countersign-executor-marked-writes denies it' },
    ],
    [
      403,
      `pods "web" is forbidden: exceeded quota: ${CANARY}`,
      { kind: 'refused', reason: 'it would exceed a quota of the namespace' },
    ],
    [500, 'boom', { kind: 'unclear' }],
    [
      500,
      'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema',
      {
        kind: 'refused',
        reason: 'the manifest names a field that the kind does not have, or a value of another type',
      },
    ],
    [504, 'timeout', { kind: 'unclear' }],
    [302, '', { kind: 'unclear' }],
  ])('%i %s', (code, message, refusal) => {
    expect(changeRefusal(code, status(message))).toEqual(refusal);
  });

  it('names invalid fields by their paths, never their values', () => {
    const causes = [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.template.spec.containers[0].image',
        message: `Invalid value: "${CANARY}"`,
      },
      { reason: 'FieldValueRequired', field: 'spec.selector', message: CANARY },
      { reason: 'FieldValueInvalid', field: `metadata.labels[${CANARY}]`, message: CANARY },
    ];
    expect(changeRefusal(422, status(CANARY, { details: { causes } }))).toEqual({
      kind: 'refused',
      reason:
        'the changed object would not be valid (spec.template.spec.containers[0].image has an invalid value; spec.selector is required)',
    });
  });

  it('names fields and owners of an apply that would take them, made visible and capped, and no word beside', () => {
    const cause = (field: string, owner: string) => ({
      reason: 'FieldManagerConflict',
      field,
      message: `conflict with "${owner}" using apps/v1: ${CANARY}`,
    });
    const causes = [
      cause('.spec.replicas', 'kubectl\u202e'),
      cause('.a'.repeat(500), 'x'),
      { ...cause('.b', ''), message: CANARY },
    ];
    const refusal = changeRefusal(409, status(CANARY, { details: { causes } }));
    expect(refusal).toMatchObject({
      kind: 'field-conflict',
      conflicts: [
        { field: '.spec.replicas', owner: 'kubectl\\u{202e}' },
        { owner: 'x' },
        { field: '.b', owner: 'another manager' },
      ],
    });
    expect(JSON.stringify(refusal)).not.toContain(CANARY);
    expect(JSON.stringify(refusal).length).toBeLessThan(600);
    const many = Array.from({ length: 100 }, (_, at) => cause(`.f${at}`, 'x'));
    expect(changeRefusal(409, status('', { details: { causes: many } }))).toMatchObject({ conflicts: { length: 20 } });
  });

  it('lets no text of the server out, whatever it answers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.string(), fc.string(), (code, before, after) => {
        const answer = changeRefusal(
          code,
          status(`${before}${CANARY} ${after}`, {
            reason: CANARY,
            details: { name: CANARY, causes: [{ reason: CANARY, field: CANARY }] },
          }),
        );
        expect(JSON.stringify(answer)).not.toContain(CANARY);
      }),
    );
  });

  it('reads nothing out of what is no Status', () => {
    expect(changeRefusal(422, null)).toEqual({ kind: 'refused', reason: 'the changed object would not be valid' });
    expect(changeRefusal(400, ['<html>'])).toMatchObject({ kind: 'refused' });
  });
});

import { canonicalize, type Json, type Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { type SomeDeployment, scaleEntry, someDeployment, someDryRun, stepOf } from '../testing/objects.ts';
import { semanticDiff } from './semantic-diff.ts';

const setImage: Operation = { type: 'set-image', container: 'web', image: 'nginx:1.28' };
const image = (at: number, name: string) => (d: SomeDeployment) => {
  Object.assign(d.spec.template.spec.containers[at] ?? {}, { image: name });
};
const words = (live: Json, dryRun: Json, operation: Operation): readonly string[] =>
  semanticDiff(live, dryRun, stepOf(operation)).map(
    ({ meaning, label, from, to }) => `${meaning} ${label}: ${from} -> ${to}`,
  );

describe('semanticDiff', () => {
  it('says what was asked for first, then its consequences, then our mark', () => {
    expect(words(someDeployment(), someDryRun(image(0, 'nginx:1.28')), setImage)).toEqual([
      'requested containers[web].image: nginx:1.27-alpine -> nginx:1.28',
      'consequence metadata.generation: 7 -> 8',
      expect.stringMatching(/^mark metadata\.annotations\[countersign\.dev\/plan\]: null -> pln_/),
      'consequence field owners: kubectl-create -> countersign, kubectl-create',
    ]);
  });

  it('shows what stands for a hidden value as one, whatever comes in its place', () => {
    const hidden = (digit: string): Json => ({ 'countersign.dev/redacted': `sha256:${digit.repeat(64)}` });
    const env = (list: Json) => (d: SomeDeployment) => {
      Object.assign(d.spec.template.spec.containers[0] ?? {}, { env: list });
    };
    const live = someDeployment(env([{ name: 'A', value: hidden('1') }]));
    const reference = { name: 'B', valueFrom: { configMapKeyRef: { name: 'x', key: 'y' } } };
    const found = words(live, someDryRun(env([reference, { name: 'A', value: hidden('1') }])), setImage);
    expect(found).toContain('unclassified containers[web].env[A].value: (hidden value) -> null');
    expect(words(live, someDryRun(env([{ name: 'A', value: hidden('2') }])), setImage)).toContain(
      'unclassified containers[web].env[A].value: (hidden value) -> (hidden value)',
    );
  });

  it('names a restart and a scale', () => {
    const at = '2026-11-20T10:00:00Z';
    const restarted = someDryRun((d) => {
      d.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'] = at;
    });
    expect(words(someDeployment(), restarted, { type: 'restart', restartedAt: at })[0]).toBe(
      `requested spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]: null -> ${at}`,
    );
    const scaled = someDryRun((d) => {
      d.spec.replicas = 3;
    });
    expect(words(someDeployment(), scaled, { type: 'scale', replicas: 3 })[0]).toBe('requested spec.replicas: 2 -> 3');
  });

  it.each([
    ['another value than was asked for, where it was asked for', someDryRun(image(0, 'mirror/nginx:1.28'))],
    [
      'the image of another container',
      someDryRun((d) => {
        image(0, 'nginx:1.28')(d);
        image(1, 'nginx:1.28')(d);
      }),
    ],
    [
      'a container that an admission plugin adds',
      someDryRun((d) => {
        image(0, 'nginx:1.28')(d);
        d.spec.template.spec.containers.push({ name: 'mesh', image: 'mesh:1' });
      }),
    ],
    [
      'a label',
      someDryRun((d) => {
        image(0, 'nginx:1.28')(d);
        d.metadata.labels = { app: 'other' };
      }),
    ],
    [
      'a volume that goes',
      someDryRun((d) => {
        image(0, 'nginx:1.28')(d);
        d.spec.template.spec.volumes = [];
      }),
    ],
  ])('calls %s unclassified', (_what, dryRun) => {
    expect(
      semanticDiff(someDeployment(), dryRun, stepOf(setImage)).filter(({ meaning }) => meaning === 'unclassified'),
    ).toHaveLength(1);
  });

  it('lists the members of an added map one by one', () => {
    const bare = someDeployment((d) => {
      Reflect.deleteProperty(d.spec.template.metadata, 'annotations');
    });
    const added = someDryRun((d) => {
      d.spec.template.metadata.annotations = { a: '1', b: '2' };
    });
    expect(words(bare, added, setImage).slice(0, 2)).toEqual([
      'unclassified spec.template.metadata.annotations.a: null -> 1',
      'unclassified spec.template.metadata.annotations.b: null -> 2',
    ]);
  });

  it('shows replicas that an autoscaler owns: what is not compared is shown all the same', () => {
    const live = someDeployment((d) => {
      d.metadata.managedFields.push(scaleEntry);
    });
    const dryRun = someDryRun((d) => {
      d.spec.replicas = 4;
    });
    expect(words(live, dryRun, { type: 'scale', replicas: 4 })[0]).toBe('requested spec.replicas: 2 -> 4');
  });

  it('never calls a value that it had to cut inspected', () => {
    const long = someDryRun((d) => {
      Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'nginx:1.28', args: ['x'.repeat(5_000)] });
    });
    const cut = semanticDiff(someDeployment(), long, stepOf(setImage)).find(({ to }) => to?.includes('[cut:'));
    expect(cut).toMatchObject({ meaning: 'unclassified' });
    expect(cut?.to?.length).toBeLessThan(4_000);
  });

  it('makes hidden characters of a value visible', () => {
    const odd = someDryRun(image(0, 'nginx:1.28\u202e'));
    expect(words(someDeployment(), odd, setImage)[0]).toContain('nginx:1.28\\u{202e}');
  });

  it('finds nothing between an object and itself', () => {
    expect(semanticDiff(someDeployment(), someDeployment(), stepOf(setImage))).toEqual([]);
  });

  it("keeps its order whatever the order of the object's members", () => {
    const dryRun = someDryRun(image(0, 'nginx:1.28'));
    const reordered = JSON.parse(canonicalize(dryRun)) as Json;
    expect(new Set(words(someDeployment(), reordered, setImage))).toEqual(
      new Set(words(someDeployment(), dryRun, setImage)),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { RAW_DIFF_CHARACTERS_MAX } from '../limits.ts';
import { someDeployment, someDryRun } from '../testing/objects.ts';
import { rawDiff } from './raw-diff.ts';

describe('rawDiff', () => {
  it('shows the way down to each difference, what goes and what comes', () => {
    const { text, cut } = rawDiff(
      someDeployment(),
      someDryRun((d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'nginx:1.28' });
        d.metadata.managedFields.pop();
      }),
    );
    expect(cut).toBe(false);
    expect(text.split('\n')).toEqual([
      '  metadata:',
      '-   generation: 7',
      '+   generation: 8',
      '    annotations:',
      `+     countersign.dev/plan: pln_${'a'.repeat(22)}/1/sha256:${'0'.repeat(64)}`,
      '  spec:',
      '    template:',
      '      spec:',
      '        containers:',
      '          - (web):',
      '-           image: nginx:1.27-alpine',
      '+           image: nginx:1.28',
    ]);
  });

  it('shows an added item whole', () => {
    const { text } = rawDiff(
      someDeployment(),
      someDeployment((d) => {
        d.spec.template.spec.containers.push({ name: 'mesh', image: 'mesh:1' });
      }),
    );
    expect(text.split('\n').slice(-2)).toEqual(['+         - name: mesh', '+           image: mesh:1']);
  });

  it('shows a new item in front without shifting the others, and a changed order as what it is', () => {
    const spec = (...names: string[]) => ({
      spec: { initContainers: names.map((name) => ({ name, image: `${name}:1` })) },
    });
    expect(rawDiff(spec('a', 'b'), spec('new', 'a', 'b')).text).not.toMatch(/[-+] .*(a|b):1/);
    const { text } = rawDiff(spec('a', 'b'), spec('b', 'a'));
    const names = [...text.matchAll(/^([-+]) +- name: (\w)$/gm)].map(([, sign, name]) => `${sign}${name}`);
    expect(names).toEqual(['-a', '-b', '+b', '+a']);
  });

  it('does not show field owners as changed for their order alone', () => {
    const owners = (...managers: string[]) => ({
      metadata: {
        managedFields: managers.map((manager) => ({
          manager,
          operation: 'Update',
          fieldsV1: { [`f:${manager}`]: {} },
        })),
      },
    });
    expect(rawDiff(owners('kubectl', 'controller'), owners('controller', 'kubectl')).text).toBe('');
    expect(rawDiff(owners('kubectl'), owners('countersign', 'kubectl')).text).not.toContain('f:kubectl');
  });

  it('is empty where nothing differs', () => {
    expect(rawDiff(someDeployment(), someDeployment())).toEqual({ text: '', cut: false });
  });

  it('says how much it had to leave out', () => {
    const many = someDeployment((d) => {
      for (let at = 0; at < 5_000; at += 1) d.metadata.annotations[`note-${at}`] = 'x'.repeat(20);
    });
    const { text, cut } = rawDiff(someDeployment(), many);
    expect(cut).toBe(true);
    expect(text.length).toBeLessThan(RAW_DIFF_CHARACTERS_MAX + 100);
    expect(text.split('\n').at(-1)).toMatch(/^NOT INSPECTED: \d+ more lines$/);
  });
});

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../store/object-store.ts';
import { crashOf } from './crash.ts';
import type { Container } from './kinds.ts';

const web: Container = { name: 'web', image: 'good:1' };
const side: Container = { name: 'side', image: 'sidecar:1' };

function pod(annotations: Record<string, string>): KubeObject {
  const metadata = {
    name: 'web-1',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-02T03:04:05Z',
    annotations,
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [web, side] } };
}

describe('what makes a container crash', () => {
  it('is nothing, unless it is asked for', () => {
    expect(crashOf(pod({}), web)).toBeUndefined();
    expect(
      crashOf(pod({}), { ...web, command: ['nginx', '-g', 'daemon off;'], args: ['--exit-on-error'] }),
    ).toBeUndefined();
  });

  it('is the annotation: exit code and message, for the first container only', () => {
    const annotated = pod({ 'sandbox.countersign.dev/crash': '3:no database: gave up' });
    expect(crashOf(annotated, web)).toEqual({ exitCode: 3, message: 'no database: gave up' });
    expect(crashOf(annotated, side)).toBeUndefined();
  });

  it('reads an annotation without a code as a message with code 1', () => {
    expect(crashOf(pod({ 'sandbox.countersign.dev/crash': 'boom' }), web)).toEqual({ exitCode: 1, message: 'boom' });
  });

  it('ends where the template carries the restart annotation', () => {
    const stuck = { 'sandbox.countersign.dev/crash-until-restarted': 'stale lease' };
    expect(crashOf(pod(stuck), web)).toEqual({ exitCode: 1, message: 'stale lease' });
    expect(
      crashOf(pod({ ...stuck, 'kubectl.kubernetes.io/restartedAt': '2026-01-02T03:04:05Z' }), web),
    ).toBeUndefined();
  });

  it('is a command that exits, with what it echoes before as its message', () => {
    const command = ['sh', '-c', 'echo "disk is full"; exit 28'];
    expect(crashOf(pod({}), { ...web, command })).toEqual({ exitCode: 28, message: 'disk is full' });
    expect(crashOf(pod({}), { ...web, args: ['exit 0'] })).toEqual({ exitCode: 0, message: '' });
  });
});

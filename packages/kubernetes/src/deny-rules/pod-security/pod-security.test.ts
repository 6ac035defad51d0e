import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { deniedBy, type Members, ruleFacts, workload } from '../../testing/rule-cases.ts';
import { findingsOf } from '../findings.ts';

/** A pod that the restricted profile lets in. */
const safeContainer: Members = {
  name: 'c',
  image: 'a:1',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const safePod: Members = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [safeContainer],
};
const inContext = (more: Members): Members => ({
  ...safeContainer,
  securityContext: { ...(safeContainer.securityContext as Members), ...more },
});
type Pod = Members;
const pod = (more: Members): Pod => ({ ...safePod, ...more });
const container = (more: Members): Pod => pod({ containers: [{ ...safeContainer, ...more }] });
const context = (more: Members): Pod => pod({ containers: [inContext(more)] });
const podContext = (more: Members): Pod =>
  pod({ securityContext: { ...(safePod.securityContext as Members), ...more } });

const judged = (live: Json, after: Json, profile: 'baseline' | 'restricted' = 'restricted') =>
  deniedBy({ live, after, policy: { deny: [], podSecurity: profile } });

/** What the baseline forbids, and the nearest form that the restricted profile still lets in. */
const BASELINE: readonly (readonly [what: string, denied: Pod, passes: Pod])[] = [
  ['hostNetwork', pod({ hostNetwork: true }), pod({ hostNetwork: false })],
  ['hostPID', pod({ hostPID: true }), pod({ hostPID: false })],
  ['hostIPC', pod({ hostIPC: true }), pod({ hostIPC: false })],
  ['privileged', context({ privileged: true }), context({ privileged: false })],
  [
    'hostProcess of a container',
    context({ windowsOptions: { hostProcess: true } }),
    context({ windowsOptions: { hostProcess: false } }),
  ],
  ['hostProcess of a pod', podContext({ windowsOptions: { hostProcess: true } }), podContext({ windowsOptions: {} })],
  [
    'a capability',
    context({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } }),
    context({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
  ],
  [
    'hostPath',
    pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    pod({ volumes: [{ name: 'v', emptyDir: {} }] }),
  ],
  ['hostPort', container({ ports: [{ hostPort: 80 }] }), container({ ports: [{ containerPort: 80 }] })],
  [
    'a probe of another host',
    container({ livenessProbe: { httpGet: { host: '169.254.169.254', path: '/' } } }),
    container({ livenessProbe: { httpGet: { path: '/' } } }),
  ],
  [
    'a hook to another host',
    container({ lifecycle: { preStop: { tcpSocket: { host: 'x', port: 1 } } } }),
    container({ lifecycle: { preStop: { exec: { command: ['x'] } } } }),
  ],
  [
    'AppArmor off',
    podContext({ appArmorProfile: { type: 'Unconfined' } }),
    podContext({ appArmorProfile: { type: 'RuntimeDefault' } }),
  ],
  [
    'an SELinux type',
    context({ seLinuxOptions: { type: 'spc_t' } }),
    context({ seLinuxOptions: { type: 'container_t', level: 's0' } }),
  ],
  ['an SELinux user', podContext({ seLinuxOptions: { user: 'root' } }), podContext({ seLinuxOptions: { user: '' } })],
  ['procMount', context({ procMount: 'Unmasked' }), context({ procMount: 'Default' })],
  [
    'seccomp off',
    context({ seccompProfile: { type: 'Unconfined' } }),
    context({ seccompProfile: { type: 'Localhost', localhostProfile: 'p' } }),
  ],
  [
    'an unsafe sysctl',
    podContext({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] }),
    podContext({ sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }] }),
  ],
];

/** What only the restricted profile forbids. */
const RESTRICTED: readonly (readonly [what: string, denied: Pod, passes: Pod])[] = [
  [
    'a volume of another type',
    pod({ volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] }),
    pod({ volumes: [{ name: 'v', projected: { sources: [] } }] }),
  ],
  [
    'escalation not forbidden',
    pod({ containers: [{ ...safeContainer, securityContext: { capabilities: { drop: ['ALL'] } } }] }),
    safePod,
  ],
  ['escalation allowed', context({ allowPrivilegeEscalation: true }), safePod],
  ['root not forbidden', podContext({ runAsNonRoot: false }), context({ runAsNonRoot: true })],
  ['root in a container', context({ runAsNonRoot: false }), podContext({ runAsNonRoot: true })],
  ['user 0', context({ runAsUser: 0 }), context({ runAsUser: 1000 })],
  ['user 0 of the pod', podContext({ runAsUser: 0 }), podContext({ runAsUser: 1 })],
  ['no seccomp profile', podContext({ seccompProfile: null }), context({ seccompProfile: { type: 'RuntimeDefault' } })],
  ['capabilities kept', context({ capabilities: { drop: ['NET_RAW'] } }), context({ capabilities: { drop: ['ALL'] } })],
  [
    'a capability of the baseline',
    context({ capabilities: { drop: ['ALL'], add: ['CHOWN'] } }),
    context({ capabilities: { drop: ['ALL'], add: [] } }),
  ],
];

describe('the Pod Security profile', () => {
  it('lets a pod in that fits it', () => {
    expect(judged(null, workload(safePod))).toEqual([]);
  });

  it.each(BASELINE)('baseline denies %s, and so does restricted', (_what, denied, passes) => {
    expect(judged(null, workload(denied), 'baseline')).toEqual(['pod-security']);
    expect(judged(null, workload(denied))).toEqual(['pod-security']);
    expect(judged(null, workload(passes))).toEqual([]);
  });

  it.each(RESTRICTED)('restricted denies %s, and baseline does not', (_what, denied, passes) => {
    expect(judged(null, workload(denied))).toEqual(['pod-security']);
    expect(judged(null, workload(denied), 'baseline')).toEqual([]);
    expect(judged(null, workload(passes))).toEqual([]);
  });

  it('reads the annotation by which older pods switch AppArmor off', () => {
    const annotated = (profile: string): Json =>
      workload(
        {},
        {
          template: {
            metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/c': profile } },
            spec: safePod,
          },
        },
      );
    expect(judged(null, annotated('unconfined'))).toEqual(['pod-security']);
    expect(judged(null, annotated('runtime/default'))).toEqual([]);
  });

  it('asks of a pod for Windows what Windows has', () => {
    const bare = { containers: [{ name: 'c', image: 'a:1' }], securityContext: { runAsNonRoot: true } };
    expect(judged(null, workload({ ...bare, os: { name: 'windows' } }))).toEqual([]);
    expect(judged(null, workload({ ...bare, os: { name: 'linux' } }))).toEqual(['pod-security']);
  });

  it('denies what a plan adds to a workload that did not fit before, and tells what was there', () => {
    const before = workload();
    expect(judged(before, before)).toEqual([]);
    const facts = ruleFacts({ live: before, after: before, policy: { deny: [], podSecurity: 'restricted' } });
    expect(findingsOf(1, facts)).toContainEqual(
      expect.objectContaining({
        severity: 'warn',
        code: 'pod-security',
        message: expect.stringContaining('were there before'),
      }),
    );
    const worse = workload({ containers: [{ name: 'c', image: 'a:1', securityContext: { runAsUser: 0 } }] });
    expect(judged(before, worse)).toEqual(['pod-security']);
    const more = workload({
      containers: [
        { name: 'c', image: 'a:1' },
        { name: 'd', image: 'a:1' },
      ],
    });
    expect(judged(before, more)).toEqual(['pod-security']);
  });

  it('lets a plan bring a workload nearer to the profile', () => {
    expect(judged(workload(), workload(safePod))).toEqual([]);
  });

  it('judges nothing where the policy names no profile', () => {
    expect(deniedBy({ after: workload({ hostNetwork: true }), policy: { deny: [] } })).toEqual([]);
  });
});

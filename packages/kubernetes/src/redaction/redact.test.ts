import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { type SomeDeployment, someDeployment } from '../testing/objects.ts';
import { redact } from './redact.ts';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
const container = '/spec/template/spec/containers/0';
const hidden = (change: (deployment: SomeDeployment) => void = () => {}): readonly string[] =>
  redact(someDeployment(change)).map(({ path, reason }) => `${reason} ${path}`);
const inContainer = (more: { [key: string]: Json }) => (d: SomeDeployment) => {
  Object.assign(d.spec.template.spec.containers[0] ?? {}, { env: [], ...more });
};

describe('redact', () => {
  it('hides the value of every environment variable, in every kind of container', () => {
    const env = [
      { name: 'A', value: 'x' },
      { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'C', value: '' },
    ];
    const paths = hidden((d) => {
      for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
        d.spec.template.spec[list] = [{ name: 'c', env }];
    });
    expect(paths).toEqual(
      ['containers', 'ephemeralContainers', 'initContainers'].flatMap((list) => [
        `environment-value /spec/template/spec/${list}/0/env/0/value`,
        `environment-value /spec/template/spec/${list}/0/env/2/value`,
      ]),
    );
  });

  it('hides them in a bare pod, too', () => {
    const pod = { kind: 'Pod', metadata: {}, spec: { containers: [{ name: 'c', env: [{ name: 'A', value: 'x' }] }] } };
    expect(redact(pod)).toEqual([{ path: '/spec/containers/0/env/0/value', reason: 'environment-value' }]);
  });

  it('hides the last applied manifest, which repeats every one of them', () => {
    expect(
      hidden((d) => {
        inContainer({})(d);
        d.metadata.annotations['kubectl.kubernetes.io/last-applied-configuration'] = '{}';
      }),
    ).toEqual(['last-applied /metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration']);
  });

  it('hides arguments that carry a secret, in one piece or after a bare flag, and no others', () => {
    const args = [
      '--port=8080',
      '--db-password=hunter2',
      '--api-token',
      'tok',
      '--verbose',
      'password=x',
      '--token-file',
      '/run/t',
    ];
    expect(hidden(inContainer({ args, command: ['run', '-password', 'p'] }))).toEqual([
      `secret-like ${container}/args/1`,
      `secret-like ${container}/args/3`,
      `secret-like ${container}/args/5`,
      `secret-like ${container}/args/7`,
      `secret-like ${container}/command/2`,
    ]);
  });

  it.each(['example.com/api-key', 'db-password', 'auth.token', 'client_secret', 'x/private.key'])(
    'hides the annotation %s by its name',
    (key) => {
      const pointer = key.replaceAll('/', '~1');
      expect(
        hidden((d) => {
          inContainer({})(d);
          d.metadata.annotations[key] = 'v';
        }),
      ).toEqual([`secret-like /metadata/annotations/${pointer}`]);
      expect(
        hidden((d) => {
          inContainer({})(d);
          d.spec.template.metadata.annotations[key] = 'v';
        }),
      ).toEqual([`secret-like /spec/template/metadata/annotations/${pointer}`]);
    },
  );

  it.each([
    ['an argument', inContainer({ args: ['--verbose', `--jwt=${JWT}`] }), `token-like ${container}/args/1`],
    [
      'a command',
      inContainer({ command: ['sh', '-c', 'curl -H "Authorization: Bearer abcdefghijklmnop"'] }),
      `token-like ${container}/command/2`,
    ],
    [
      'a URL with a password',
      inContainer({ args: ['postgres://app:hunter2@db/shop'] }),
      `token-like ${container}/args/0`,
    ],
    [
      'a private key',
      inContainer({ args: ['-----BEGIN RSA PRIVATE KEY-----\nabc'] }),
      `token-like ${container}/args/0`,
    ],
    [
      'a cloud key in an annotation',
      (d: SomeDeployment) => {
        inContainer({})(d);
        d.metadata.annotations.note = 'AKIAIOSFODNN7EXAMPLE';
      },
      'token-like /metadata/annotations/note',
    ],
    [
      "a probe's header",
      inContainer({ livenessProbe: { httpGet: { httpHeaders: [{ name: 'X', value: 'v' }] } } }),
      `secret-like ${container}/livenessProbe/httpGet/httpHeaders/0/value`,
    ],
    [
      'a message in the status',
      (d: SomeDeployment) => {
        inContainer({})(d);
        d.status.message = `bad token ${JWT}`;
      },
      'token-like /status/message',
    ],
  ])('hides %s', (_what, change, leaf) => {
    expect(hidden(change)).toEqual([leaf]);
  });

  it('shows what rules and people must see, whatever it looks like', () => {
    const digest = `registry.example/app:1@sha256:${'a'.repeat(64)}`;
    expect(
      hidden((d) => {
        inContainer({ image: digest, args: ['--port=80'], resources: { limits: { memory: '1Gi' } } })(d);
        d.metadata.annotations['countersign.dev/plan'] = `pln_${'a'.repeat(22)}/1/sha256:${'0'.repeat(64)}`;
        d.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'] = '2026-11-20T10:00:00Z';
      }),
    ).toEqual([]);
  });
});

import { type Json, show } from '@countersign/approvals';
import fc from 'fast-check';
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
      `secret-like ${container}/command/2`,
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

  const KUBECONFIG = 'users:\n- name: admin\n  user:\n    token: abcdefgh12345678\n';
  it.each<[string, Json, readonly string[]]>([
    [
      'a ConfigMap: what looks like a secret, by its name or inside, and no more',
      {
        kind: 'ConfigMap',
        data: {
          MODE: 'fast',
          DB_PASSWORD: 'hunter2',
          kubeconfig: KUBECONFIG,
          'app.json': '{"db":{"password":"hunter2"}}',
        },
      },
      ['config-value /data/DB_PASSWORD', 'config-value /data/app.json', 'config-value /data/kubeconfig'],
    ],
    [
      'a Secret, all of it, also within a list',
      { kind: 'List', items: [{ kind: 'Secret', data: { a: 'eA==' }, stringData: { b: 'x' } }] },
      ['secret-like /items/0/data/a', 'secret-like /items/0/stringData/b'],
    ],
    [
      'a custom kind: members named like secrets, alone, in lists and in mappings',
      {
        kind: 'Database',
        spec: {
          adminPassword: 'hunter2',
          pin: 1,
          apiTokens: ['a', 'b'],
          credentials: { user: 'x', secretRef: { name: 'db' } },
          passwordSecretRef: { name: 'db', key: 'password' },
        },
      },
      [
        'secret-like /spec/adminPassword',
        'secret-like /spec/apiTokens/0',
        'secret-like /spec/apiTokens/1',
        'secret-like /spec/credentials/user',
      ],
    ],
    [
      'a name and its value in any list',
      {
        spec: {
          params: [
            { name: 'dbPassword', value: 'hunter2' },
            { name: 'mode', value: 'fast' },
          ],
        },
      },
      ['secret-like /spec/params/0/value'],
    ],
    [
      'a template further down',
      {
        spec: {
          jobTemplate: {
            spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', value: 'x' }] }] } } },
          },
        },
      },
      ['environment-value /spec/jobTemplate/spec/template/spec/containers/0/env/0/value'],
    ],
    [
      'manifests that other tools keep in annotations',
      { metadata: { annotations: { 'objectset.rio.cattle.io/applied': 'H4sI', 'cnrm/last-applied': '{}' } } },
      [
        'last-applied /metadata/annotations/cnrm~1last-applied',
        'last-applied /metadata/annotations/objectset.rio.cattle.io~1applied',
      ],
    ],
    [
      'the mapping whose key is the secret',
      { spec: { owners: { 'token=abcdefgh12345678': 'x', other: 'password=abcdefgh1' } } },
      ['token-like /spec/owners'],
    ],
    ['a script', { spec: { script: 'mysqldump -uroot -phunter2 shop' } }, ['secret-like /spec/script']],
  ])('of %s', (_what, object, leaves) => {
    expect(redact(object).map(({ path, reason }) => `${reason} ${path}`)).toEqual(leaves);
  });

  it('leaves what ordinary objects say as it is', () => {
    expect(
      hidden((d) => {
        inContainer({
          image: 'web',
          imagePullPolicy: 'Always',
          envFrom: [{ secretRef: { name: 'db', optional: true } }],
          volumeMounts: [{ name: 'token', mountPath: '/var/run/secrets/token', readOnly: true }],
          args: ['--authorization-mode=RBAC', '--tls-private-key-file=/tls/tls.key', '--token-file', '/run/t'],
        })(d);
        Object.assign(d.metadata.annotations, {
          'checksum/secret': 'a'.repeat(64),
          'nginx.ingress.kubernetes.io/auth-secret': 'shop/basic',
        });
        Object.assign(d.spec.template.spec, {
          automountServiceAccountToken: false,
          imagePullSecrets: [{ name: 'registry' }],
          serviceAccountName: 'web',
          volumes: [
            {
              name: 'tls',
              secret: { secretName: 'web-tls', defaultMode: 420, items: [{ key: 'tls.key', path: 'key' }] },
            },
            {
              name: 'token',
              projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }] },
            },
          ],
        });
      }),
    ).toEqual([]);
  });

  it('hides what it could not check: too deep, too much', () => {
    let deep: Json = 'bottom';
    for (let at = 0; at < 200; at += 1) deep = { a: deep };
    expect(redact(deep)).toEqual([{ path: '/a'.repeat(65), reason: 'not-checked' }]);
    const much = redact({ list: Array.from({ length: 5 }, () => 'x '.repeat(300_000)) });
    expect(much.map(({ path, reason }) => `${reason} ${path}`)).toEqual(['not-checked /list/3', 'not-checked /list/4']);
  });

  it('of any object shows no secret that stands under a telling name, and finds nothing more in what it shows', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/).filter((text) => /[0-9]/.test(text) && /[A-Z]/.test(text));
    const key = fc.constantFrom('password', 'clientSecret', 'api-key', 'DB_TOKEN', 'example.com/credentials');
    const wrap = fc.constantFrom<(key: string, value: string) => Json>(
      (name, value) => ({ [name]: value }),
      (name, value) => ({ [name]: [value] }),
      (name, value) => ({ [name]: { any: value } }),
      (name, value) => ({ data: JSON.stringify({ [name]: value }) }),
      (name, value) => ({ data: `a: 1\n${name}: ${value}\n` }),
      (name, value) => [{ name, value }],
      (_name, value) => ({ args: [`--password=${value}`] }),
      (_name, value) => ({ url: `https://u:${value}@h/` }),
      (name, value) => ({ kind: 'ConfigMap', data: { [name]: value } }),
    );
    const clean = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(secret, key, wrap, clean, clean, (value, name, form, before, after) => {
        const object: Json = { before, spec: { list: [form(name, value)] }, after };
        const salts = Object.fromEntries(redact(object).map(({ path }) => [path, 'c2FsdC1vZi0xNi1ieXRlcw']));
        const shown = show(object, salts);
        expect(JSON.stringify(shown)).not.toContain(value);
        expect(redact(shown)).toEqual([]);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextRedactor, findSecrets, holdsSecret, redactText, WITHHELD } from './redact-text.ts';

const CANARY = 'c4n4ry-S3cr3tV4lue-0042';
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const BODY = `MHcCAQEEIBase64Body${base64(`${CANARY}${CANARY}`)}`;
const PEM = `-----BEGIN EC PRIVATE KEY-----\n${BODY}\nAwEHoUQD\n-----END EC PRIVATE KEY-----`;
const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- name: prod
  cluster:
    server: https://10.0.0.1:6443
users:
- name: admin
  user:
    token: ${CANARY}
    client-key-data: ${base64(PEM)}
    password: ${CANARY} and more
`;

describe('takes out', () => {
  it.each<[string, string]>([
    ['an assignment', `DB_PASSWORD=${CANARY}`],
    ['a short name', `DB_PASS=${CANARY} x`],
    ['a name in camel case', `{dbPassword:${CANARY} other:1}`],
    ['YAML', `password: ${CANARY}`],
    ['YAML with words in the value', `password: correct horse ${CANARY}`],
    ['a YAML list item', `- secret_key: ${CANARY}`],
    ['a YAML block', `tls:\n  password: |\n    first\n    ${CANARY}\n  other: 1`],
    ['a folded YAML block', `password: >-\n  ${CANARY}\nother: 1`],
    ['a YAML value on its own line', `password:\n  ${CANARY}\nother: 1`],
    ['a YAML list under the name', `tokens:\n  - a\n  - ${CANARY}\nother: 1`],
    ['a YAML mapping with its value', `password:\n  kind: literal\n  value: ${CANARY}\nother: 1`],
    ['YAML of name and value', `env:\n- name: DB_PASSWORD\n  value: ${CANARY}\n- name: OTHER\n  value: x`],
    ['YAML of value and name', `env:\n- value: ${CANARY}\n  name: DB_PASSWORD`],
    ['JSON', `{"client_secret": "${CANARY}", "a": 1}`],
    ['JSON with spaces before the colon', `{ "client_secret" : "${CANARY}" }`],
    ['JSON over lines', `{\n  "password":\n    "${CANARY}"\n}`],
    ['a list in JSON', `{"api_tokens": ["a", "${CANARY}"], "a": 1}`],
    ['an object in JSON', `{"password": {"value": "${CANARY}", "rotated": true}}`],
    ['name and value in JSON', `{"env":[{"name":"X","value":"y"},{"name":"API_TOKEN","value":"${CANARY}"}]}`],
    ['value and name in JSON', `{"env":[{"value":"${CANARY}","name":"API_TOKEN"}]}`],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ password: CANARY }) })],
    ['JSON in JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ password: CANARY }) }) })],
    ['JSON that is cut off', `{"password":"${CANARY}`],
    ['JSON with an escaped name', `{"pass\\u0077ord":"${CANARY}"}`],
    ['a quote within the value', `{"password":"a\\"${CANARY}"}`],
    ['single quotes', `password='${CANARY} and more'`],
    ['doubled single quotes', `password: 'it''s ${CANARY}'`],
    ['what is glued to a quotation', `export DB_PASSWORD="x"${CANARY}`],
    ['triple quotes', `password = """x\n${CANARY}"""`],
    ['quoted with spaces', `api-key = "${CANARY} and more"`],
    ['a name of two words', `API key: ${CANARY}`],
    ['a comma in the value', `password=abc,${CANARY}`],
    ['an arrow', `:password=>"${CANARY}"`],
    ['a Go map', `map[password:${CANARY} user:x]`],
    ['a header in a Go map', `map[Authorization:[Bearer ${CANARY}]]`],
    ['XML', `<db><password>${CANARY}</password></db>`],
    ['an XML attribute pair', `<add key="DbPassword" value="${CANARY}" />`],
    ['a command line', `mysql --password ${CANARY} -h db`],
    ['an option with =', `run --db-password=${CANARY} --x`],
    ['a command line in JSON', `["run","--api-token","${CANARY}"]`],
    ['a command line in YAML', `args:\n- --api-token\n- ${CANARY}\n- --verbose`],
    ["mysql's short option", `mysqldump -uroot -p${CANARY} shop`],
    ['curl with a user', `curl -s -u admin:${CANARY} https://x`],
    ['SQL', `CREATE USER shop IDENTIFIED BY '${CANARY}'`],
    ['a sentence', `the password is ${CANARY}`],
    ['a quoted sentence', `invalid password "${CANARY}" for user app`],
    ['a query', `https://x.example/?user=a&access_key=${CANARY}&b=c`],
    ['an encoded query', `redirect=https%3A%2F%2Fx%2F%3Fpassword%3D${CANARY}%26b%3Dc`],
    ['JSON in HTML', `{&quot;password&quot;:&quot;${CANARY}&quot;}`],
    ['a connection string', `Server=db;Password=${CANARY};Database=shop`],
    ['a URL', `postgres://shop:${CANARY}@db:5432/shop`],
    ['a URL without a user', `redis://:${CANARY}@cache:6379/0`],
    ['a URL whose password has / and @', `amqp://shop:p/@${CANARY}@mq:5672/x`],
    ['a URL with a token for a user', `https://${CANARY}@git.example/x.git`],
    ['a bearer header', `Authorization: Bearer ${CANARY}`],
    ['a curl header', `curl -H "authorization: bearer ${CANARY}"`],
    ['basic authentication', `Authorization: Basic ${base64(`user:${CANARY}`)}`],
    ['a cookie', `Set-Cookie: session=${CANARY}; Path=/`],
    ['a JWT', `got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0${CANARY}.c2ln ok`],
    ['a private key', `before ${PEM} after`],
    ['a private key with \\n', `{"key":${JSON.stringify(PEM)}}`],
    ['a private key on one line', PEM.replaceAll('\n', ' ')],
    ['a private key without an end', PEM.slice(0, -30)],
    ['a private key whose head is cut', PEM.slice(20)],
    ['the middle of a private key', `${BODY.slice(0, 64)}\n${BODY.slice(64)}${'Zz9+'.repeat(16)}`.slice(0, 64)],
    [
      'a private key behind a prefix',
      PEM.split('\n')
        .map((line) => `2026-11-20 app | ${line}`)
        .join('\n'),
    ],
    ['a kubeconfig', KUBECONFIG],
    ['a kubeconfig in JSON', JSON.stringify({ data: { kubeconfig: KUBECONFIG } })],
    ['a key in a kubeconfig', `client-key-data: ${base64(CANARY)}`],
    ['an image registry', `{"auths":{"r.example":{"auth":"${base64(`user:${CANARY}`)}"}}}`],
    ['base64 of an assignment', `blob ${base64(`export DB_PASSWORD=${CANARY}`)} end`],
    ['base64 of a private key', `tls.key: ${base64(PEM)}`],
    [
      'base64 over lines',
      base64(`${'x'.repeat(90)} DB_PASSWORD=${CANARY} ${'y'.repeat(90)}`).replace(/(.{76})/g, '$1\n'),
    ],
    ['base64 glued to a word', `x${base64(`export DB_PASSWORD=${CANARY}`)}`],
    ['base64 twice', base64(base64(`export DB_PASSWORD=${CANARY}`))],
    ['a zero-width character in the name', `pass\u200bword=${CANARY}`],
    ['a colour in the name', `p\u001b[31massword\u001b[0m=${CANARY}`],
    ['a title sequence in the name', `pass\u001b]0;x\u0007word=${CANARY}`],
    ['a zero-width character in the value', `password=${CANARY.slice(0, 8)}\u200b${CANARY.slice(8)}`],
    ['a look-alike in the name', `pаsswоrd=${CANARY}`],
    ['full-width letters', `ｐａｓｓｗｏｒｄ＝${CANARY}`],
    ['accents', `pásswörd=${CANARY}`],
    ['no-break spaces', `password\u00a0:\u00a0${CANARY}`],
    ['a value that claims to be redacted', `password=[redacted]${CANARY}`],
    ['a default in a reference', `password=\${PASSWORD:-${CANARY}}`],
    ['a prompt', `Password:\n${CANARY}\nok`],
    ['a pgpass of netrc', `machine x login me password ${CANARY}`],
  ])('%s', (_what, text) => {
    const shown = redactText(text);
    const plain = shown.replaceAll(/\u200b|\p{Cc}\[[0-9]*m/gu, '');
    for (const trace of [CANARY, base64(CANARY), CANARY.slice(8), BODY.slice(0, 40)])
      expect(plain).not.toContain(trace);
    expect(shown).toContain('[redacted: ');
    expect(redactText(shown)).toBe(shown);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'a1B2'.repeat(9)}`,
    `github_pat_${'a1B2'.repeat(9)}`,
    `xoxb-${'1234567890-'.repeat(3)}`,
    `glpat-${'x1'.repeat(10)}`,
    `sk-${'a1B2'.repeat(10)}`,
    `sk-proj-${'a1_B2'.repeat(10)}`,
    `sk_live_${'a1B2'.repeat(6)}`,
    `npm_${'a1B2'.repeat(9)}`,
    `hvs.${'a1B2'.repeat(9)}`,
    `AIza${'a1B2_'.repeat(7)}`,
    `dapi${'0a1b'.repeat(8)}`,
  ])('the token of a known provider: %s', (secret) => {
    expect(redactText(`key ${secret} end`)).not.toContain(secret);
  });

  it('what Helm packs, for nobody can look into it', () => {
    expect(redactText(`release: ${`H4sI${'AAAAaaaa0123'.repeat(20)}`}`)).toBe('release: [redacted: encoded-secret]');
  });

  it('a private key that is spread over several texts, and nothing after it', () => {
    const redactor = createTextRedactor();
    expect(['a', ...PEM.split('\n'), 'b'].map((line) => redactor.redact(line))).toEqual([
      'a',
      ...new Array<string>(4).fill('[redacted: private-key]'),
      'b',
    ]);
  });

  it('all of several secrets, each counted by its kind', () => {
    const redactor = createTextRedactor();
    redactor.redact(`password=${CANARY} token=${CANARY} postgres://a:${CANARY}@b ${PEM}`);
    expect(Object.fromEntries(redactor.counts)).toEqual({ 'named-secret': 2, 'url-credentials': 1, 'private-key': 1 });
  });

  it('what a limit cuts in two, to the end', () => {
    for (const text of [`{"password":"${CANARY}`, `password='${CANARY}`, `token: "${CANARY}\nnext line`]) {
      expect(redactText(text)).not.toContain(CANARY.slice(0, 6));
    }
  });
});

describe('leaves as it is', () => {
  it.each([
    'Back-off restarting failed container web in pod web-6d4cf56db6-x2x7k_shop(7b1f)',
    'Failed to pull image "nginx:1.27-doesnotexist": rpc error: code = NotFound',
    'MountVolume.SetUp failed for volume "default-token-abcde" : secret "default-token-abcde" not found',
    'MountVolume.SetUp failed for volume "kube-api-access-9x7bq" : failed to sync configmap cache',
    "couldn't find key password in Secret shop/db",
    'Error: secret "db" not found',
    'open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory',
    'cannot read /etc/db/password: permission denied',
    'error getting secret: not found',
    'secrets "db" is forbidden: User "system:serviceaccount:shop:reader" cannot get resource "secrets"',
    'pulled nginx@sha256:4ff102c5d78d254a6f0da062b3cf39eaf07f01eec0927fd21e219d0af8bc0591',
    'docker-pullable://registry.example:5000/app@sha256:4ff102c5d78d254a6f0da062b3cf39eaf07f01eec0927fd21e219d0af8bc0591',
    'docker-pullable://app:1.27@sha256:4ff102c5d78d254a6f0da062b3cf39eaf07f01eec0927fd21e219d0af8bc0591',
    'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    'uid: 0c09beec-b994-4799-b655-00077874bece',
    'resourceVersion: "128733"',
    'checksum/secret: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    'nginx.ingress.kubernetes.io/auth-secret: shop/basic-auth',
    'secretName: web-tls',
    'secretKeyRef: {name: db, key: password}',
    'imagePullSecrets: registry',
    'automountServiceAccountToken: false',
    'tokenExpirationSeconds: 3607',
    'password: [redacted]',
    'password: [redacted: named-secret]',
    'password: $(DB_PASSWORD)',
    'password: ****',
    'max_tokens=4096',
    'tokens: 128000',
    'tokenizer: bert-base',
    'pass_rate=90',
    'PWD=/srv/app',
    'Bearer authentication failed',
    'Basic authentication and bearer authentication are on',
    'the token expired, asking for another',
    'the password is required',
    'password authentication failed for user app',
    'GET /products/1184 HTTP/1.1" 200 9000',
    '2026-11-20T10:00:00Z level=info msg="listening" port=8080',
    'checkpoint /var/lib/worker/queue.ckpt is truncated, refusing to resume',
    'http://web.shop.svc:8080/login?user=a@b.example',
    'oci://registry.example/charts/web',
    '--authorization-mode=Node,RBAC --service-account-private-key-file=/etc/k/sa.key --cookie-secure=true',
    'sk-learn-deployment-7d4b9c-abcde',
    'secret:\n  secretName: web-tls\n  defaultMode: 420',
    'volumes:\n- name: token\n  projected:\n    sources:\n    - serviceAccountToken:\n        path: token',
    `-----BEGIN CERTIFICATE-----\n${'MIIDaB9x'.repeat(8)}\n${'MIIDaB9x'.repeat(8)}\n-----END CERTIFICATE-----`,
  ])('%s', (text) => {
    expect(redactText(text)).toBe(text);
    expect(holdsSecret(text)).toBe(false);
  });
});

describe('fails closed', () => {
  it('withholds a text that could not be checked, and says so', () => {
    const redactor = createTextRedactor(() => {
      throw new Error('too hard');
    });
    expect(redactor.redact(`password=${CANARY}`)).toBe(WITHHELD);
  });

  it('withholds what lies beyond the limit', () => {
    const shown = redactText(`${'x '.repeat(1_000_000)}password=${CANARY}`);
    expect(shown.endsWith(WITHHELD)).toBe(true);
    expect(shown).not.toContain(CANARY);
    expect(holdsSecret('x '.repeat(1_000_001))).toBe(true);
  });

  it('is not blinded for good by a lone BEGIN', () => {
    const lines = ['-----BEGIN PRIVATE KEY-----', ...new Array<string>(400).fill('a line')];
    expect(redactText(lines.join('\n')).split('\n').at(-1)).toBe('a line');
    const redactor = createTextRedactor();
    expect(lines.map((line) => redactor.redact(line)).at(-1)).toBe('a line');
  });
});

describe('takes time that grows with the text alone', () => {
  const words = [
    'password',
    'token="',
    'eyJ',
    '-----BEGIN ',
    '-----END X PRIVATE KEY-----',
    '-----BEGIN X PRIVATE KEY-----',
    '://a:',
    'bearer ',
    '--password',
    '{',
    '[',
    '"',
    "'",
    '\\',
    '\\"',
    'password:{',
    'password=',
    'name:',
    ' ',
    'a',
    '\u200b',
    'curl -u ',
    'mysql ',
    '%41',
    '&quot;',
    'password:\n  ',
    'QUFB',
    '@',
    'a.',
  ];
  it.each(words)('%j over and over', (word) => {
    const text = word.repeat(Math.ceil(200_000 / word.length));
    const begun = performance.now();
    redactText(text);
    // Linear takes well below a second; what grows with the square takes minutes.
    expect(performance.now() - begun).toBeLessThan(6_000);
  });

  it('any mixture of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 500, maxLength: 3_000 }), (pieces) => {
        const begun = performance.now();
        redactText(pieces.join(''));
        return performance.now() - begun < 3_000;
      }),
      { numRuns: 30 },
    );
  });
});

describe('for any secret', () => {
  const secret = fc
    .stringMatching(/^[A-Za-z0-9!#%^*+~]{8,40}$/)
    .filter((text) => /[A-Z]/.test(text) && /\d/.test(text));
  const name = fc.constantFrom(
    'password',
    'DB_PASSWORD',
    'apiKey',
    'client-secret',
    'AWS_SECRET_ACCESS_KEY',
    'auth.token',
    'dbPass',
  );
  const shape = fc.constantFrom<(name: string, value: string) => string>(
    (key, value) => `${key}=${value}`,
    (key, value) => `${key}: ${value}`,
    (key, value) => `{"${key}":"${value}"}`,
    (key, value) => JSON.stringify(JSON.stringify({ [key]: value })),
    (key, value) => `- name: ${key}\n  value: ${value}`,
    (key, value) => `${key}: |\n  ${value}`,
    (key, value) => `--${key} ${value}`,
    (_key, value) => `https://user:${value}@host/x`,
  );
  const around = fc.constantFrom('', 'line one\nline two\n', '2026-11-20T10:00:00Z info ', 'x=1 ');

  it('it is gone, and doing it again changes nothing', () => {
    fc.assert(
      fc.property(around, name, secret, shape, (before, key, value, form) => {
        const text = `${before.endsWith('\n') ? before : ''}${form(key, value)}`;
        const shown = redactText(text);
        expect(shown).not.toContain(value);
        expect(redactText(shown)).toBe(shown);
      }),
      { numRuns: 1_000 },
    );
  });

  it('what is found lies in the text, in order, without overlaps', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), secret, (noise, value) => {
        const text = `${noise} password=${value} ${noise}`;
        let at = 0;
        for (const { from, to } of findSecrets(text).secrets) {
          expect(from).toBeGreaterThanOrEqual(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBeLessThanOrEqual(text.length);
        expect(redactText(text)).not.toContain(value);
      }),
    );
  });
});

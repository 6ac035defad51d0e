/** What a kubectl command as text means here, form by form; and every form that means nothing here. Pure: there is nothing to run. */
import { changeRequests } from '@countersign/approvals';
import { describe, expect, test } from 'vitest';
import { COMMAND_CHARACTERS_MAX } from '../limits.ts';
import { type CommandText, parseCommand } from './parse-command.ts';

const parsed = (command: string, more: Partial<CommandText> = {}) => parseCommand({ command, ...more });
const changesOf = (command: string, more: Partial<CommandText> = {}): unknown => {
  const result = parsed(command, more);
  if (!result.ok) return result.refusal.why;
  return result.value.understood.does === 'change' ? result.value.understood.changes : result.value.understood;
};
const deploy = (operation: unknown, name = 'web', namespace = 'shop') => ({
  kind: 'Deployment',
  namespace,
  name,
  operation,
});
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';

describe('a changing command becomes the steps that it names', () => {
  test.each<[string, unknown]>([
    ['kubectl scale deployment/web --replicas=3 -n shop', [deploy({ type: 'scale', replicas: 3 })]],
    [
      'scale deploy web api --replicas 0 --namespace shop',
      [deploy({ type: 'scale', replicas: 0 }), deploy({ type: 'scale', replicas: 0 }, 'api')],
    ],
    ['kubectl -n shop scale --replicas=3 deployments.apps/web', [deploy({ type: 'scale', replicas: 3 })]],
    ['kubectl scale -nshop Deployment/web --replicas=3', [deploy({ type: 'scale', replicas: 3 })]],
    ['kubectl scale -n=shop deployments.v1.apps web --replicas=3', [deploy({ type: 'scale', replicas: 3 })]],
    ['kubectl rollout restart deploy/web -n shop', [deploy({ type: 'restart' })]],
    ['kubectl rollout undo deploy/web -n shop', [deploy({ type: 'rollback', revision: null })]],
    ['kubectl rollout undo deploy/web --to-revision=4 -n shop', [deploy({ type: 'rollback', revision: 4 })]],
    ['kubectl rollout undo deploy/web --to-revision=0 -n shop', [deploy({ type: 'rollback', revision: null })]],
    [
      'kubectl rollout pause deploy/web -n shop',
      [deploy({ type: 'patch', patchType: 'merge', patch: { spec: { paused: true } } })],
    ],
    [
      'kubectl rollout resume deploy/web -n shop',
      [deploy({ type: 'patch', patchType: 'merge', patch: { spec: { paused: false } } })],
    ],
    [
      'kubectl set image deploy/web web=registry.example:5000/shop/web:1.4.2 -n shop',
      [deploy({ type: 'set-image', container: 'web', image: 'registry.example:5000/shop/web:1.4.2' })],
    ],
    [
      'kubectl set image deploy/web web=web:2 proxy=proxy:3 -n shop',
      [
        deploy({
          type: 'patch',
          patchType: 'strategic',
          patch: {
            spec: {
              template: {
                spec: {
                  containers: [
                    { name: 'web', image: 'web:2' },
                    { name: 'proxy', image: 'proxy:3' },
                  ],
                },
              },
            },
          },
        }),
      ],
    ],
    [
      'kubectl set resources deploy/web -c web --limits=cpu=200m,memory=512Mi --requests=cpu=0.1 -n shop',
      [
        deploy({
          type: 'patch',
          patchType: 'strategic',
          patch: {
            spec: {
              template: {
                spec: {
                  containers: [
                    { name: 'web', resources: { limits: { cpu: '200m', memory: '512Mi' }, requests: { cpu: '0.1' } } },
                  ],
                },
              },
            },
          },
        }),
      ],
    ],
    [
      'kubectl delete pod a b c -n shop',
      ['a', 'b', 'c'].map((name) => ({
        kind: 'Pod',
        namespace: 'shop',
        name,
        operation: { type: 'delete', propagation: 'Background', gracePeriodSeconds: null },
      })),
    ],
    [
      'kubectl delete pod/a svc/b --cascade=orphan --grace-period=5 -n shop',
      [
        ['Pod', 'a'],
        ['Service', 'b'],
      ].map(([kind, name]) => ({
        kind,
        namespace: 'shop',
        name,
        operation: { type: 'delete', propagation: 'Orphan', gracePeriodSeconds: 5 },
      })),
    ],
    [
      'kubectl delete deploy web --now -n shop',
      [deploy({ type: 'delete', propagation: 'Background', gracePeriodSeconds: 1 })],
    ],
    [
      'kubectl label deploy web tier=front example.com/old- --overwrite -n shop',
      [deploy({ type: 'label', labels: { tier: 'front', 'example.com/old': null } })],
    ],
    [
      `kubectl annotate deploy/web note='two words' -n shop`,
      [deploy({ type: 'annotate', annotations: { note: 'two words' } })],
    ],
    [
      `kubectl patch deployment web -n shop -p '{"spec":{"replicas":2}}'`,
      [deploy({ type: 'patch', patchType: 'strategic', patch: { spec: { replicas: 2 } } })],
    ],
    [
      'kubectl patch deployment web -n shop --type=merge --patch "{\\"spec\\":{\\"replicas\\":2}}"',
      [deploy({ type: 'patch', patchType: 'merge', patch: { spec: { replicas: 2 } } })],
    ],
    [
      `kubectl patch deployment web -n shop --type json -p '[{"op":"remove","path":"/spec/paused"}]'`,
      [deploy({ type: 'patch', patchType: 'json', patch: [{ op: 'remove', path: '/spec/paused' }] })],
    ],
  ])('%s', (command, changes) => {
    expect(changesOf(command)).toEqual(changes);
    expect(changeRequests.safeParse(changesOf(command)).success).toBe(true);
  });

  test('a manifest is read from stdin, and its namespace is the one that is shown', () => {
    for (const command of [
      'kubectl apply -f - -n shop',
      'kubectl apply --filename=- --server-side -n shop',
      'kubectl create -f - -n shop',
    ])
      expect(changesOf(command, { manifest: CONFIG_MAP })).toMatchObject([
        {
          kind: 'ConfigMap',
          namespace: 'shop',
          name: 'settings',
          operation: { type: 'apply', manifest: { metadata: { namespace: 'shop' } } },
        },
      ]);
    expect(changesOf('kubectl delete -f - -n shop', { manifest: CONFIG_MAP })).toMatchObject([
      { kind: 'ConfigMap', operation: { type: 'delete' } },
    ]);
    const own = `${CONFIG_MAP}  namespace: other\n`;
    expect(changesOf('kubectl apply -f -', { manifest: own, namespace: 'shop' })).toMatchObject([
      { namespace: 'other' },
    ]);
    expect(changesOf('kubectl apply -f - -n shop', { manifest: own })).toContain('metadata.namespace: it is not shop');
  });
});

describe('the namespace that is shown is the one that runs', () => {
  test.each([
    ['kubectl rollout restart deploy/web', {}, 'default'],
    ['kubectl rollout restart deploy/web', { namespace: 'shop' }, 'shop'],
    ['kubectl rollout restart deploy/web --namespace=other', { namespace: 'shop' }, 'other'],
    ['kubectl rollout restart deploy/web -nother', { namespace: 'shop' }, 'other'],
  ])('%s with %j is of %s', (command, more, namespace) => {
    expect(changesOf(command, more)).toMatchObject([{ namespace }]);
  });

  test('the default left out and the default written are one and the same', () => {
    expect(changesOf('kubectl rollout restart deploy/web')).toEqual(
      changesOf('kubectl rollout restart deploy/web -n default'),
    );
  });
});

describe('a reading command is one call of a reading tool', () => {
  test.each<[string, string, unknown]>([
    ['kubectl get pods -n shop', 'list_k8s_resources', { kind: 'Pod', namespace: 'shop', detail: 'concise' }],
    [
      'kubectl get po -l app=web -o wide -n shop',
      'list_k8s_resources',
      { kind: 'Pod', labelSelector: 'app=web', detail: 'detailed' },
    ],
    [
      'kubectl get widgets.example.com -n shop',
      'list_k8s_resources',
      { kind: 'widgets.example.com', namespace: 'shop' },
    ],
    ['kubectl get all -n shop', 'get_k8s_status', { namespace: 'shop' }],
    ['kubectl get ns', 'get_allowed_namespaces', {}],
    ['kubectl get nodes', 'list_k8s_resources', { kind: 'Node' }],
    ['kubectl get events -n shop', 'get_k8s_events', { namespace: 'shop' }],
    ['kubectl get deploy web -o yaml -n shop', 'get_k8s_resource', { kind: 'Deployment', name: 'web', output: 'yaml' }],
    ['kubectl get deploy/web -n shop', 'get_k8s_resource', { kind: 'Deployment', name: 'web', output: 'summary' }],
    ['kubectl describe pod/web-1 -n shop', 'get_k8s_resource', { kind: 'Pod', name: 'web-1', output: 'describe' }],
    [
      'kubectl logs web-1 -c web --tail=20 -p -n shop',
      'get_pod_logs',
      { podName: 'web-1', container: 'web', tailLines: 20, previous: true },
    ],
    ['kubectl logs pod/web-1 web -n shop', 'get_pod_logs', { podName: 'web-1', container: 'web' }],
    [
      'kubectl events --for pod/web-1 --types=Warning -n shop',
      'get_k8s_events',
      { fieldSelector: 'involvedObject.kind=Pod,involvedObject.name=web-1,type=Warning' },
    ],
    ['kubectl api-resources --namespaced=true', 'get_api_resources', { namespaced: true }],
    ['kubectl rollout status deploy/web -n shop', 'get_deployment_diagnostics', { namespace: 'shop', name: 'web' }],
    ['kubectl rollout status sts/db -n shop', 'get_statefulset_diagnostics', { namespace: 'shop', name: 'db' }],
    ['kubectl rollout history deploy/web -n shop', 'get_deployment_diagnostics', { namespace: 'shop', name: 'web' }],
    ['kubectl auth can-i delete pods -n shop', 'get_allowed_namespaces', {}],
  ])('%s', (command, tool, input) => {
    expect(changesOf(command)).toMatchObject({ does: 'read', tool, input });
  });
});

describe('what only a shell would act on is refused, in quotes too', () => {
  test.each([
    'kubectl version; kubectl delete pod x',
    'kubectl get pods && kubectl delete pod x',
    'kubectl get pods | sh',
    'kubectl delete pod $(touch /tmp/x)',
    'kubectl delete pod `id`',
    'kubectl get pods > /tmp/x',
    'kubectl get pods < /etc/passwd',
    'kubectl get pods &',
    'kubectl get pods\nkubectl delete pod x',
    'kubectl get pods\rkubectl delete pod x',
    'kubectl get pods\u0000',
    'kubectl get pods\u001b[2J',
    "kubectl annotate deploy web note='a;b'",
    'kubectl annotate deploy web note="$HOME"',
    'kubectl delete pod "x',
    "kubectl delete pod 'x",
    'kubectl delete pod x\\',
    'kubectl delete pod "\\x"',
    'kubectl delete pod *',
    'kubectl delete pod {a,b}',
    'kubectl delete pod ~/x',
    'kubectl delete pod x #comment',
    'kubectl delete pod wеb',
    'kubectl delete pod web\u202e',
    'kubectl\u00a0delete pod web',
    'kubectl delete pod web\u200b',
    'kubectl delete pod ＡＡ',
    `kubectl annotate deploy web note=${'x'.repeat(COMMAND_CHARACTERS_MAX)}`,
  ])('%j', (command) => {
    const result = parsed(command, { namespace: 'shop' });
    expect(result.ok).toBe(false);
    // Our sentence holds nothing of theirs.
    expect(JSON.stringify(result)).not.toMatch(/passwd|touch|HOME|comment/);
  });
});

describe('what would choose another cluster, identity, file or set of objects is refused by its name', () => {
  test.each([
    ['kubectl get pods --server=https://127.0.0.1:19012', '--server'],
    ['kubectl get pods -shttps://x', '--server'],
    ['kubectl get pods -Ashttp://x', '--all-namespaces'],
    ['kubectl get pods -Aws=https://x', '--all-namespaces'],
    ['kubectl get pods --insecure_skip_tls_verify=true', '--insecure-skip-tls-verify'],
    ['kubectl delete pod x --as=system:admin', '--as'],
    ['kubectl delete pod x --as_group=system:masters', '--as-group'],
    ['kubectl --kubeconfig=/tmp/evil delete pod x', '--kubeconfig'],
    ['kubectl --context prod delete pod x', '--context'],
    ['kubectl -s https://x delete pod x', '--server'],
    ['kubectl delete pod x --token=t', '--token'],
    ['kubectl get pods --profile-output=/path', '--profile-output'],
    ['kubectl get pods --log-file=/path', '--log-file'],
    ['kubectl delete pod --all -n prod', '--all'],
    ['kubectl delete pods -l app=web', '--selector'],
    ['kubectl delete pods -A', '--all-namespaces'],
    ['kubectl get pods -A', '--all-namespaces'],
    ['kubectl delete pod x --force --grace-period=0', '--force'],
    ['kubectl delete pod x --grace-period=0', '--grace-period'],
    ['kubectl delete pod x --grace-period=-1', '--grace-period'],
    ['kubectl apply -f - --force-conflicts', '--force-conflicts'],
    ['kubectl apply -f - --prune --all', '--prune'],
    ['kubectl apply -k ./dir', '--kustomize'],
    ['kubectl apply -f /etc/passwd', 'a file or an address'],
    ['kubectl apply -f https://evil.example/x.yaml', 'a file or an address'],
    ['kubectl patch deploy web --patch-file=/etc/passwd', '--patch-file'],
    ['kubectl scale deploy web --replicas=1 --dry-run=none', '--dry-run'],
    ['kubectl scale deploy web --replicas=1 --current-replicas=2', '--current-replicas'],
    ['kubectl patch deploy web --subresource=status -p "{}"', '--subresource'],
    ['kubectl logs web-1 -f', 'not known'],
    ['kubectl logs web-1 --follow', '--follow'],
    ['kubectl get --raw /api/v1/secrets', '--raw'],
    ['kubectl get pods --foo=bar', '"foo"'],
    ['kubectl delete pod x -- sh -c id', '--'],
  ])('%s', (command, says) => {
    const result = parsed(command, { namespace: 'shop' });
    expect(result.ok || result.refusal.why).toContain(says);
    expect(JSON.stringify(result)).not.toMatch(/evil|127\.0\.0\.1|passwd/);
  });
});

describe('what is no command of ours is refused by its name, with what to use instead', () => {
  test.each([
    'exec',
    'attach',
    'port-forward',
    'cp',
    'run',
    'debug',
    'proxy',
    'edit',
    'drain',
    'cordon',
    'taint',
    'certificate',
    'config',
    'plugin',
    'expose',
    'autoscale',
    'replace',
    'convert',
    'top',
    'explain',
    'kustomize',
    'diff',
    'wait',
    'cluster-info',
    'version',
  ])('kubectl %s', (verb) => {
    const result = parsed(`kubectl ${verb} pod/x`);
    expect(result.ok || result.refusal).toMatchObject({ why: `kubectl ${verb} is refused by design` });
    expect(result.ok || result.refusal.instead).toMatch(/^[A-Z].{10,}\.$/);
  });

  test.each([
    ['kubectl exec p -- bash -c id', 'exec'],
    ['kubectl -n prod delete ns x', 'whole cluster'],
    ['kubectl delete node x', 'whole cluster'],
    ['kubectl delete secret x -n shop', 'Secrets'],
    ['kubectl get secrets -n shop', 'Secrets'],
    ['kubectl get secret/x -n shop', 'Secrets'],
    ['kubectl get secrets.v1. -n shop', 'Secrets'],
    ['kubectl describe Secret x -n shop', 'Secrets'],
    ['kubectl get pods,secrets -n shop', 'several types'],
    ['kubectl delete pods,services x', 'several types'],
    ['kubectl delete pod', 'no object'],
    ['kubectl rollout restart deployment', 'no object'],
    ['kubectl rollout restart', 'no object'],
    ['kubectl delete all x', '"all" is no kind'],
    ['kubectl delete pod/x y', 'mixes'],
    ['kubectl delete pod/x/y', 'type/name'],
    ['kubectl delete pod ../x', 'mixes'],
    ['kubectl delete pod -x', 'not known'],
    ['kubectl scale pod x --replicas=1', 'a Pod has nothing of that'],
    ['kubectl scale deploy x', '--replicas'],
    ['kubectl scale deploy x --replicas=true', '--replicas'],
    ['kubectl scale deploy x --replicas=1e3', '--replicas'],
    ['kubectl scale deploy x --replicas=-1', '--replicas'],
    ['kubectl scale deploy x --replicas=1 --replicas=5', 'given twice'],
    ['kubectl rollout restart deploy/x -n shop -n prod', 'given twice'],
    ['kubectl get pods -l -n prod', 'no value'],
    ['kubectl scale deploy x --replicas', 'no value'],
    ['kubectl set image deploy/x *=evil', 'outside quotes'],
    ["kubectl set image deploy/x '*=evil'", 'container name'],
    ['kubectl set image deploy/x web=../evil', 'image'],
    ['kubectl set env deploy/x A=b', '"env"'],
    ['kubectl rollout nothing deploy/x', '"nothing"'],
    ['kubectl create deployment x', 'reads no manifest'],
    ['kubectl apply -f -', 'none is given'],
    ['kubectl patch deploy web -p "not json"', 'no JSON'],
    ['kubectl patch deploy web --type=apply -p "{}"', '--type'],
    ['sudo kubectl get pods', '"sudo"'],
    ['/usr/bin/kubectl get pods', 'a word of it'],
    ['kubectl kubectl get pods', '"kubectl"'],
    ['', 'empty'],
    ['kubectl', 'empty'],
    ['queued for manual execution', '"queued"'],
    [`kubectl delete pod ${Array.from({ length: 21 }, (_, at) => `p${at}`).join(' ')}`, 'more than 20'],
    ['kubectl get pods -n "shop evil"', 'namespace is none'],
    ['kubectl delete pod "a b"', 'object name'],
    ['kubectl delete pod ""', 'object name'],
  ])('%s', (command, says) => {
    const result = parsed(command);
    expect(result.ok || result.refusal.why).toContain(says);
  });

  test('a manifest that the command does not read is no part of a plan', () => {
    expect(changesOf('kubectl delete pod x', { manifest: CONFIG_MAP })).toContain('does not read');
  });
});

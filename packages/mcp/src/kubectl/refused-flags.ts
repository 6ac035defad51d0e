/** Flags that are refused by design, each group with what to do instead. */
import { NotUnderstood } from './not-understood.ts';

interface Refused {
  readonly flags: readonly string[];
  readonly why: string;
  readonly instead: string;
}

const REFUSED: readonly Refused[] = [
  {
    flags: [
      'server',
      'kubeconfig',
      'context',
      'cluster',
      'user',
      'token',
      'username',
      'password',
      'as',
      'as-group',
      'as-uid',
      'as-user-extra',
      'client-certificate',
      'client-key',
      'certificate-authority',
      'insecure-skip-tls-verify',
      'tls-server-name',
      'match-server-version',
      'request-timeout',
      'disable-compression',
    ],
    why: 'would choose another cluster, connection or identity',
    instead: 'Leave it out: the deployment decides which cluster is reached, and as whom.',
  },
  {
    flags: [
      'cache-dir',
      'profile',
      'profile-output',
      'log-file',
      'log-dir',
      'log-file-max-size',
      'logtostderr',
      'v',
      'vmodule',
      'kuberc',
      'warnings-as-errors',
    ],
    why: 'would touch the machine that runs the command',
    instead: 'Leave it out: no kubectl is run and no file is read or written.',
  },
  {
    flags: ['all', 'all-namespaces', 'selector', 'field-selector', 'prune', 'prune-allowlist', 'applyset'],
    why: 'would take objects that are not named',
    instead: 'Name each object: a person must see what exactly would change. Lists come from the get_* tools.',
  },
  {
    flags: ['force', 'force-conflicts', 'disable-eviction'],
    why: 'would force the change',
    instead: "Leave it out: nothing is forced. A conflict is refused with the field's owner.",
  },
  {
    flags: ['kustomize', 'recursive', 'patch-file', 'from-file', 'from-env-file', 'edit', 'windows-line-endings'],
    why: 'would read files',
    instead: 'Send the content: -f - with the manifest in stdin, or --patch.',
  },
  {
    flags: ['dry-run', 'server-dry-run', 'validate', 'record', 'save-config', 'field-manager', 'show-managed-fields'],
    why: 'has no meaning for a plan',
    instead:
      "Leave it out: a plan is made from the API server's own dry run and changes nothing until a person approves it.",
  },
  {
    flags: [
      'current-replicas',
      'resource-version',
      'timeout',
      'wait',
      'ignore-not-found',
      'subresource',
      'raw',
      'local',
      'list',
    ],
    why: 'is not taken',
    instead:
      'Leave it out: what runs is bound to the very object that was shown, and wait_for_plan_approval and get_plan_status follow it.',
  },
  {
    flags: [
      'watch',
      'watch-only',
      'follow',
      'since',
      'since-time',
      'all-containers',
      'sort-by',
      'template',
      'output',
      'no-headers',
      'chunk-size',
      'limit-bytes',
      'timestamps',
    ],
    why: 'is not taken',
    instead: 'Leave it out: answers come whole, newest events first, as data.',
  },
  {
    flags: ['stdin', 'tty', 'command', 'container-image', 'overrides', 'attach', 'rm'],
    why: 'would run something in a container',
    instead: 'Use get_pod_logs and get_deployment_diagnostics to look; change the manifest to change what runs.',
  },
];
/** One letter -> its long name, as most commands have them. `-f` and `-o` mean different things to different commands. */
const SHORT: Readonly<Record<string, string>> = {
  s: 'server',
  A: 'all-namespaces',
  l: 'selector',
  k: 'kustomize',
  R: 'recursive',
  w: 'watch',
  v: 'v',
  o: 'output',
  i: 'stdin',
  t: 'tty',
};

/** kubectl takes `_` for `-` in its flags (CVE-2026-61459). */
export function refusedFlag(word: string, name: string): NotUnderstood | undefined {
  const long = word.startsWith('--') ? name.replaceAll('_', '-').toLowerCase() : SHORT[name];
  const refused = REFUSED.find(({ flags }) => long !== undefined && flags.includes(long));
  return refused === undefined ? undefined : new NotUnderstood(`--${long} ${refused.why}`, refused.instead);
}

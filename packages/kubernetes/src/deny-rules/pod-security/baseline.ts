/** The baseline profile: what gives a pod known ways to its node. */
import { type JsonObject, listAt, numberAt, objectAt, textAt, valueAt } from '../../objects/json-at.ts';
import { type ContainerView, containersOf } from '../pod-containers.ts';
import type { Check } from './violation.ts';

/** Security contexts that apply: the pod's own and each container's. */
const contexts = (spec: JsonObject): readonly (readonly [label: string, context: JsonObject])[] => [
  ['the pod', objectAt(spec, 'securityContext')],
  ...containersOf(spec).map(({ label, container }) => [label, objectAt(container, 'securityContext')] as const),
];
const inContexts =
  (fault: (context: JsonObject) => string | undefined): Check =>
  ({ spec }) =>
    contexts(spec).flatMap(([label, context]) => {
      const found = fault(context);
      return found === undefined ? [] : [`${label} ${found}`];
    });
const inContainers =
  (faults: (container: JsonObject, view: ContainerView) => readonly string[]): Check =>
  ({ spec }) =>
    containersOf(spec).flatMap((view) => faults(view.container, view).map((fault) => `${view.label} ${fault}`));

const CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const SELINUX_TYPES = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);
const SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
]);
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const HANDLERS = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
] as const;

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const BASELINE: readonly Check[] = [
  inContexts((context) =>
    valueAt(context, 'windowsOptions', 'hostProcess') === true ? 'is a process of the host' : undefined,
  ),
  ({ spec }) =>
    ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true).map((name) => `the pod has ${name}`),
  inContexts((context) => (context.privileged === true ? 'is privileged' : undefined)),
  inContainers((container) =>
    listAt(container, 'securityContext', 'capabilities', 'add')
      .map(text)
      .filter((name) => !CAPABILITIES.has(name))
      .map((name) => `adds the capability ${name}`),
  ),
  ({ spec }) =>
    listAt(spec, 'volumes')
      .filter((volume) => Object.hasOwn(objectAt(volume), 'hostPath'))
      .map((volume) => `volume "${textAt(volume, 'name') ?? ''}" is a hostPath`),
  inContainers((container) =>
    listAt(container, 'ports')
      .map((port) => numberAt(port, 'hostPort') ?? 0)
      .filter((port) => port !== 0)
      .map((port) => `has hostPort ${port}`),
  ),
  // A probe or hook that names a host makes the node call somebody else.
  inContainers((container) =>
    HANDLERS.flatMap((path) =>
      ['httpGet', 'tcpSocket']
        .map((kind) => textAt(container, ...path, kind, 'host') ?? '')
        .filter((host) => host !== '')
        .map((host) => `has a ${path.at(-1)} that calls host ${host}`),
    ),
  ),
  inContexts((context) => {
    const type = textAt(context, 'appArmorProfile', 'type');
    return type === undefined || type === 'RuntimeDefault' || type === 'Localhost' ? undefined : `has AppArmor ${type}`;
  }),
  ({ metadata }) =>
    Object.entries(objectAt(metadata, 'annotations'))
      .filter(([key]) => key.startsWith(APPARMOR_ANNOTATION))
      .filter(
        ([, value]) => !(value === 'runtime/default' || (typeof value === 'string' && value.startsWith('localhost/'))),
      )
      .map(([key, value]) => `container "${key.slice(APPARMOR_ANNOTATION.length)}" has AppArmor ${text(value)}`),
  inContexts((context) => {
    const { type = '', user = '', role = '' } = objectAt(context, 'seLinuxOptions');
    const allowed = SELINUX_TYPES.has(text(type)) && user === '' && role === '';
    return allowed ? undefined : `sets SELinux options ${text(user)}:${text(role)}:${text(type)}`;
  }),
  inContexts((context) => {
    const procMount = textAt(context, 'procMount') ?? 'Default';
    return procMount === 'Default' ? undefined : `has procMount ${procMount}`;
  }),
  inContexts((context) => {
    const type = textAt(context, 'seccompProfile', 'type');
    return type === undefined || type === 'RuntimeDefault' || type === 'Localhost' ? undefined : `has seccomp ${type}`;
  }),
  ({ spec }) =>
    listAt(spec, 'securityContext', 'sysctls')
      .map((sysctl) => textAt(sysctl, 'name') ?? '')
      .filter((name) => !SYSCTLS.has(name))
      .map((name) => `the pod sets sysctl ${name}`),
];

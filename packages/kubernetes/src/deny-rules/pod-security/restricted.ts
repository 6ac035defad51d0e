/** What the restricted profile asks for beyond the baseline. */
import { isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '../../objects/json-at.ts';
import { containersOf, type PodView } from '../pod-containers.ts';
import type { Check } from './violation.ts';

const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const PROFILES = new Set(['RuntimeDefault', 'Localhost']);

/** Linux only: a pod that says that it is for Windows is started by no Linux node. */
const onLinux =
  (check: Check): Check =>
  (pod) =>
    textAt(pod.spec, 'os', 'name') === 'windows' ? [] : check(pod);

const eachContainer =
  (fault: (container: JsonObject, pod: PodView) => string | undefined): Check =>
  (pod) =>
    containersOf(pod.spec).flatMap(({ label, container }) => {
      const found = fault(container, pod);
      return found === undefined ? [] : [`${label} ${found}`];
    });

const inPod = ({ spec }: PodView): JsonObject => objectAt(spec, 'securityContext');

export const RESTRICTED: readonly Check[] = [
  ({ spec }) =>
    listAt(spec, 'volumes').flatMap((volume) =>
      Object.keys(objectAt(volume))
        .filter((key) => key !== 'name' && isObject(valueAt(volume, key)) && !VOLUMES.has(key))
        .map((key) => `volume "${textAt(volume, 'name') ?? ''}" is a ${key}`),
    ),
  onLinux(
    eachContainer((container) =>
      valueAt(container, 'securityContext', 'allowPrivilegeEscalation') === false
        ? undefined
        : 'does not set allowPrivilegeEscalation to false',
    ),
  ),
  eachContainer((container, pod) => {
    const own = valueAt(container, 'securityContext', 'runAsNonRoot');
    return own === true || (own === undefined && inPod(pod).runAsNonRoot === true)
      ? undefined
      : 'does not set runAsNonRoot to true';
  }),
  eachContainer((container) =>
    valueAt(container, 'securityContext', 'runAsUser') === 0 ? 'runs as user 0' : undefined,
  ),
  (pod) => (inPod(pod).runAsUser === 0 ? ['the pod runs as user 0'] : []),
  onLinux(
    eachContainer((container, pod) => {
      const type =
        textAt(container, 'securityContext', 'seccompProfile', 'type') ?? textAt(inPod(pod), 'seccompProfile', 'type');
      return type !== undefined && PROFILES.has(type)
        ? undefined
        : 'has no seccomp profile RuntimeDefault or Localhost';
    }),
  ),
  onLinux(
    eachContainer((container) =>
      listAt(container, 'securityContext', 'capabilities', 'drop').includes('ALL')
        ? undefined
        : 'does not drop all capabilities',
    ),
  ),
  onLinux(({ spec }) =>
    containersOf(spec).flatMap(({ label, container }) =>
      listAt(container, 'securityContext', 'capabilities', 'add')
        .filter((name) => name !== 'NET_BIND_SERVICE')
        .map((name) => `${label} adds the capability ${String(name)}`),
    ),
  ),
];

import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { fill } from './fill.ts';

/** The pod spec's defaults, in place. A change of image keeps the imagePullPolicy that the first image earned, as in the real API. */
export function defaultPodSpec(spec: JsonRecord): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  // The deprecated twin of serviceAccountName is kept equal to it.
  if (typeof spec.serviceAccountName === 'string') spec.serviceAccount = spec.serviceAccountName;
  else if (typeof spec.serviceAccount === 'string') spec.serviceAccountName = spec.serviceAccount;
  for (const list of ['initContainers', 'containers']) {
    for (const container of listAt(spec, list)) if (isRecord(container)) defaultContainer(container);
  }
  for (const volume of listAt(spec, 'volumes')) if (isRecord(volume)) defaultVolume(volume);
}

/** What only a pod of its own gets, not a template. */
export function defaultPod(pod: JsonRecord): void {
  const spec = recordAt(pod, 'spec');
  if (spec === undefined) return;
  defaultPodSpec(spec);
  fill(spec, { enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority', priority: 0 });
  for (const container of listAt(spec, 'containers')) {
    const limits = recordAt(container, 'resources', 'limits');
    const resources = recordAt(container, 'resources');
    if (limits === undefined || resources === undefined) continue;
    const requests = recordAt(resources, 'requests') ?? {};
    fill(requests, limits);
    resources.requests = requests;
  }
  fill(pod, { status: { phase: 'Pending', qosClass: qosClass(spec) } });
}

function defaultContainer(container: JsonRecord): void {
  fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(stringAt(container, 'image') ?? ''),
  });
  for (const port of listAt(container, 'ports')) if (isRecord(port)) fill(port, { protocol: 'TCP' });
  for (const variable of listAt(container, 'env')) {
    const fieldRef = recordAt(variable, 'valueFrom', 'fieldRef');
    if (fieldRef !== undefined) fill(fieldRef, { apiVersion: 'v1' });
  }
  for (const member of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = recordAt(container, member);
    if (probe === undefined) continue;
    fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    const httpGet = recordAt(probe, 'httpGet');
    if (httpGet !== undefined) fill(httpGet, { path: '/', scheme: 'HTTP' });
    const grpc = recordAt(probe, 'grpc');
    if (grpc !== undefined) fill(grpc, { service: '' });
  }
}

/** An image without a tag is `latest`, and that may change under the same name: it is pulled each time. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const lastPart = image.slice(image.lastIndexOf('/') + 1);
  const tag = lastPart.includes(':') ? lastPart.slice(lastPart.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultVolume(volume: JsonRecord): void {
  const sources = Object.keys(volume).filter((member) => member !== 'name');
  if (sources.length === 0) volume.emptyDir = {};
  for (const source of ['secret', 'configMap', 'projected', 'downwardAPI']) {
    const found = recordAt(volume, source);
    if (found !== undefined) fill(found, { defaultMode: 420 });
  }
  const hostPath = recordAt(volume, 'hostPath');
  if (hostPath !== undefined) fill(hostPath, { type: '' });
}

function qosClass(spec: JsonRecord): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const resources = listAt(spec, 'containers').map((container) => recordAt(container, 'resources') ?? {});
  const named = (part: 'limits' | 'requests', resource: string) =>
    resources.map((one) => recordAt(one, part)?.[resource]);
  if (resources.every((one) => recordAt(one, 'limits') === undefined && recordAt(one, 'requests') === undefined)) {
    return 'BestEffort';
  }
  const guaranteed = ['cpu', 'memory'].every((resource) => {
    const requests = named('requests', resource);
    return named('limits', resource).every((limit, index) => limit !== undefined && limit === requests[index]);
  });
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

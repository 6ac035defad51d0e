import { NODE_IP, NODE_NAME, POD_NETWORK } from '../controllers/node.ts';
import type { NewObject, ObjectStore } from '../store/object-store.ts';

/** The namespaces, of which kube-system's uid is the cluster's identity, and the one node. What exists already is left alone. */
export function seedCluster(store: ObjectStore): void {
  for (const name of ['default', 'kube-system', 'shop', 'payments', 'internal-admin']) {
    if (store.get('namespaces', undefined, name) === undefined) store.create('namespaces', namespace(name));
  }
  if (store.get('nodes', undefined, NODE_NAME) !== undefined) return;
  const created = store.create('nodes', node);
  store.update(
    'nodes',
    { ...created, status: nodeStatus(created.metadata.creationTimestamp) },
    { subresource: 'status', fieldManager: 'kubelet' },
  );
}

function namespace(name: string): NewObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

const node: NewObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: NODE_NAME,
    labels: {
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': NODE_NAME,
      'kubernetes.io/os': 'linux',
      'node-role.kubernetes.io/control-plane': '',
    },
  },
  spec: { podCIDR: `${POD_NETWORK}.0.0/16`, podCIDRs: [`${POD_NETWORK}.0.0/16`], providerID: `sandbox://${NODE_NAME}` },
};

function nodeStatus(at: string) {
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  const resources = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '40Gi', pods: '110' };
  return {
    addresses: [
      { type: 'InternalIP', address: NODE_IP },
      { type: 'Hostname', address: NODE_NAME },
    ],
    allocatable: resources,
    capacity: resources,
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'enough memory'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'enough disk'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'enough process ids'),
      condition('Ready', 'True', 'KubeletReady', 'the simulated kubelet runs'),
    ],
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'sandbox://1',
      kernelVersion: '6.1.0',
      kubeProxyVersion: 'v1.34.0',
      kubeletVersion: 'v1.34.0',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'Countersign sandbox',
      systemUUID: '',
    },
  };
}

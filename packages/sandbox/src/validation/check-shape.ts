import { isRecord, type JsonRecord, listAt, recordAt, valueAt } from '../json/record.ts';
import type { ApiResource } from '../resources/api-resource.ts';
import { StatusError } from '../store/status-error.ts';

type Shape = 'object' | 'list of objects' | 'string map' | 'string' | 'integer';

/**
 * Refuses values of a wrong type in the fields that this API reads. The real API server's decoder does that for every field of every kind;
 * here it is the fields that code relies on, so that a wrong type is a clear 400 and never a fault further down.
 */
export function checkShape(resource: ApiResource, object: JsonRecord): void {
  const fail = (path: string, wanted: Shape, value: unknown): never => {
    const found = Array.isArray(value) ? 'array' : typeof value;
    throw new StatusError(
      'BadRequest',
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: json: cannot unmarshal ${found} into field ${path}: want ${wanted}`,
    );
  };
  const check = (root: unknown, prefix: string, shapes: Readonly<Record<string, Shape>>) => {
    for (const [path, wanted] of Object.entries(shapes)) {
      const value = valueAt(root, ...path.split('.'));
      if (value !== undefined && value !== null && !fits(value, wanted)) fail(`${prefix}${path}`, wanted, value);
    }
  };
  check(object, '', metadataShapes);
  if (!isWorkloadLike(resource)) return;
  check(object, '', specShapes);
  for (const path of [[], ['template'], ['jobTemplate', 'spec', 'template']]) {
    const podSpec = recordAt(object, 'spec', ...path, ...(path.length === 0 ? [] : ['spec']));
    const prefix = ['spec', ...path, ...(path.length === 0 ? [] : ['spec'])].join('.');
    check(podSpec, `${prefix}.`, podSpecShapes);
    for (const list of ['containers', 'initContainers']) {
      listAt(podSpec, list).forEach((container, index) => {
        check(container, `${prefix}.${list}[${index}].`, containerShapes);
      });
    }
  }
}

const metadataShapes: Readonly<Record<string, Shape>> = {
  metadata: 'object',
  'metadata.name': 'string',
  'metadata.namespace': 'string',
  'metadata.generateName': 'string',
  'metadata.uid': 'string',
  'metadata.resourceVersion': 'string',
  'metadata.labels': 'string map',
  'metadata.annotations': 'string map',
  'metadata.ownerReferences': 'list of objects',
  spec: 'object',
  status: 'object',
  data: 'string map',
};

const specShapes: Readonly<Record<string, Shape>> = {
  'spec.replicas': 'integer',
  'spec.revisionHistoryLimit': 'integer',
  'spec.progressDeadlineSeconds': 'integer',
  'spec.minReadySeconds': 'integer',
  'spec.strategy': 'object',
  'spec.strategy.rollingUpdate': 'object',
  'spec.template': 'object',
  'spec.template.metadata': 'object',
  'spec.template.metadata.labels': 'string map',
  'spec.template.metadata.annotations': 'string map',
  'spec.template.spec': 'object',
  'spec.type': 'string',
  'spec.clusterIP': 'string',
  'spec.ports': 'list of objects',
};

const podSpecShapes: Readonly<Record<string, Shape>> = {
  containers: 'list of objects',
  initContainers: 'list of objects',
  volumes: 'list of objects',
  restartPolicy: 'string',
  terminationGracePeriodSeconds: 'integer',
  nodeSelector: 'string map',
};

const containerShapes: Readonly<Record<string, Shape>> = {
  name: 'string',
  image: 'string',
  imagePullPolicy: 'string',
  ports: 'list of objects',
  env: 'list of objects',
  volumeMounts: 'list of objects',
  resources: 'object',
  livenessProbe: 'object',
  readinessProbe: 'object',
  startupProbe: 'object',
  securityContext: 'object',
};

function isWorkloadLike(resource: ApiResource): boolean {
  return resource.group === '' || resource.group === 'apps' || resource.group === 'batch';
}

function fits(value: unknown, wanted: Shape): boolean {
  switch (wanted) {
    case 'object':
      return isRecord(value);
    case 'list of objects':
      return Array.isArray(value) && value.every(isRecord);
    case 'string map':
      return isRecord(value) && Object.values(value).every((member) => typeof member === 'string');
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
  }
}

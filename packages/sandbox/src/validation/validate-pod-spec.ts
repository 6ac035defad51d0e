import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { FieldErrors } from './field-errors.ts';
import { labelName } from './name-rules.ts';

/** The parts of a pod spec that people get wrong: containers, their names, images and ports, and mounts of volumes that do not exist. */
export function validatePodSpec(spec: JsonRecord | undefined, field: string, errors: FieldErrors): void {
  const containers = listAt(spec, 'containers');
  if (containers.length === 0) errors.required(`${field}.containers`);
  const names = new Set<string>();
  const volumes = validateVolumes(listAt(spec, 'volumes'), `${field}.volumes`, errors);
  const lists = [
    ['initContainers', listAt(spec, 'initContainers')],
    ['containers', containers],
  ] as const;
  for (const [list, members] of lists) {
    members.forEach((container, index) => {
      if (isRecord(container)) validateContainer(container, `${field}.${list}[${index}]`, { names, volumes }, errors);
    });
  }
  const restartPolicy = stringAt(spec, 'restartPolicy');
  const supported = ['Always', 'OnFailure', 'Never'];
  if (restartPolicy !== undefined && !supported.includes(restartPolicy)) {
    errors.unsupported(`${field}.restartPolicy`, restartPolicy, supported);
  }
}

function validateVolumes(volumes: readonly unknown[], field: string, errors: FieldErrors): Set<string> {
  const names = new Set<string>();
  volumes.forEach((volume, index) => {
    const name = stringAt(volume, 'name') ?? '';
    if (name === '') errors.required(`${field}[${index}].name`);
    else if (names.has(name)) errors.duplicate(`${field}[${index}].name`, name);
    names.add(name);
  });
  return names;
}

interface Seen {
  readonly names: Set<string>;
  readonly volumes: ReadonlySet<string>;
}

function validateContainer(container: JsonRecord, field: string, seen: Seen, errors: FieldErrors): void {
  const name = stringAt(container, 'name') ?? '';
  if (name === '') {
    errors.required(`${field}.name`);
  } else {
    const wrong = labelName(name);
    if (wrong !== undefined) errors.invalid(`${field}.name`, name, wrong);
    if (seen.names.has(name)) errors.duplicate(`${field}.name`, name);
    seen.names.add(name);
  }
  const image = stringAt(container, 'image') ?? '';
  if (image === '') errors.required(`${field}.image`);
  else if (image.trim() !== image)
    errors.invalid(`${field}.image`, image, 'must not have leading or trailing whitespace');
  const policies = ['Always', 'IfNotPresent', 'Never'];
  const policy = stringAt(container, 'imagePullPolicy');
  if (policy !== undefined && !policies.includes(policy))
    errors.unsupported(`${field}.imagePullPolicy`, policy, policies);
  listAt(container, 'ports').forEach((port, index) => {
    validatePortNumber(recordAt({ port }, 'port')?.containerPort, `${field}.ports[${index}].containerPort`, errors);
  });
  listAt(container, 'env').forEach((variable, index) => {
    if ((stringAt(variable, 'name') ?? '') === '') errors.required(`${field}.env[${index}].name`);
  });
  listAt(container, 'volumeMounts').forEach((mount, index) => {
    const volume = stringAt(mount, 'name') ?? '';
    if (!seen.volumes.has(volume)) {
      errors.invalid(`${field}.volumeMounts[${index}].name`, volume, 'no volume of this name in the pod');
    }
    if ((stringAt(mount, 'mountPath') ?? '') === '') errors.required(`${field}.volumeMounts[${index}].mountPath`);
  });
}

export function validatePortNumber(port: unknown, field: string, errors: FieldErrors): void {
  if (port === undefined) errors.required(field);
  else if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    errors.invalid(field, port, 'must be between 1 and 65535, inclusive');
  }
}

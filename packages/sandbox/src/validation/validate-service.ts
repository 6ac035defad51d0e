import { isRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import type { FieldErrors } from './field-errors.ts';
import { validatePortNumber } from './validate-pod-spec.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(service: NewObject, before: KubeObject | undefined, errors: FieldErrors): void {
  const spec = recordAt(service, 'spec');
  const type = stringAt(spec, 'type') ?? '';
  if (!types.includes(type)) errors.unsupported('spec.type', type, types);
  const ports = listAt(spec, 'ports');
  const headless = stringAt(spec, 'clusterIP') === 'None';
  if (ports.length === 0 && type !== 'ExternalName' && !headless) errors.required('spec.ports');
  const seen = new Set<string>();
  ports.forEach((port, index) => {
    if (!isRecord(port)) return;
    validatePortNumber(port.port, `spec.ports[${index}].port`, errors);
    if (ports.length > 1 && (stringAt(port, 'name') ?? '') === '') errors.required(`spec.ports[${index}].name`);
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) errors.duplicate(`spec.ports[${index}]`, key);
    seen.add(key);
  });
  const old = stringAt(before, 'spec', 'clusterIP');
  if (old !== undefined && stringAt(before, 'spec', 'type') === type && stringAt(spec, 'clusterIP') !== old) {
    errors.invalid('spec.clusterIPs[0]', spec?.clusterIP, 'may not change once set');
  }
}

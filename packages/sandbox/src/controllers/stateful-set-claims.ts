import { isRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { NewObject } from '../store/object-store.ts';
import type { PodTemplate } from './kinds.ts';
import { podName, type StatefulSetView } from './stateful-set-view.ts';

const templatesOf = (set: StatefulSetView) => listAt(set.object, 'spec', 'volumeClaimTemplates').filter(isRecord);

/** The claims of one pod, each bound: there is no storage here that could be short. */
export function claimsFor(set: StatefulSetView, ordinal: number): NewObject[] {
  return templatesOf(set).map((template) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...recordAt(template, 'metadata'),
      name: claimName(set, stringAt(template, 'metadata', 'name') ?? '', ordinal),
      ...(set.object.metadata.namespace === undefined ? {} : { namespace: set.object.metadata.namespace }),
    },
    spec: recordAt(template, 'spec') ?? {},
    status: { phase: 'Bound' },
  }));
}

/** The pod's volumes with the claims among them; nothing where the set has no claims. */
export function claimVolumes(set: StatefulSetView, ordinal: number, template: PodTemplate): { volumes?: unknown[] } {
  const names = templatesOf(set).map((one) => stringAt(one, 'metadata', 'name') ?? '');
  if (names.length === 0) return {};
  const others = listAt(template.spec, 'volumes').filter((volume) => !names.includes(stringAt(volume, 'name') ?? ''));
  const claimed = names.map((name) => ({
    name,
    persistentVolumeClaim: { claimName: claimName(set, name, ordinal) },
  }));
  return { volumes: [...others, ...claimed] };
}

function claimName(set: StatefulSetView, template: string, ordinal: number): string {
  return `${template}-${podName(set, ordinal)}`;
}

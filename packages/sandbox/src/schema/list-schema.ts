/**
 * How the API treats the lists (and a few maps) inside objects. The real API server takes this from its types; here it is a table over field names,
 * with the parent's name where one field name means different things. What is not in the table is atomic: replaced as a whole.
 */
export interface ListSchema {
  /** Strategic merge: elements with the same value of this member are the same element. */
  readonly patchKey: string;
  /** managedFields: the members that together name an element. */
  readonly mapKeys: readonly string[];
}

const keyed = (patchKey: string, ...more: readonly string[]): ListSchema => ({
  patchKey,
  mapKeys: [patchKey, ...more],
});

const lists = new Map<string, ListSchema>([
  ['containers', keyed('name')],
  ['initContainers', keyed('name')],
  ['ephemeralContainers', keyed('name')],
  ['containers.ports', keyed('containerPort', 'protocol')],
  ['initContainers.ports', keyed('containerPort', 'protocol')],
  ['spec.ports', keyed('port', 'protocol')],
  ['env', keyed('name')],
  ['volumes', keyed('name')],
  ['volumeMounts', keyed('mountPath')],
  ['volumeDevices', keyed('devicePath')],
  ['imagePullSecrets', keyed('name')],
  ['hostAliases', keyed('ip')],
  ['topologySpreadConstraints', keyed('topologyKey', 'whenUnsatisfiable')],
  ['schedulingGates', keyed('name')],
  ['conditions', keyed('type')],
  ['ownerReferences', keyed('uid')],
  ['podIPs', keyed('ip')],
  ['matchConditions', keyed('name')],
  ['variables', keyed('name')],
]);

/** Lists of scalars that merge as sets. */
const sets = new Set(['finalizers']);

/** Maps that are replaced as a whole, and owned as a whole in managedFields. */
const atomicMaps = new Set([
  'selector',
  'nodeSelector',
  'labelSelector',
  'namespaceSelector',
  'objectSelector',
  'fieldRef',
]);

/** Structs that are part of their parent: managedFields has no entry for their mere presence. */
const embeddedStructs = new Set([
  'metadata',
  'spec',
  'status',
  'strategy',
  'updateStrategy',
  'template',
  'jobTemplate',
]);

/** The schema of the list at `field` of an object that itself sits at `parent` ('' at the root), or undefined when it is atomic. */
export function listSchema(parent: string, field: string): ListSchema | undefined {
  return lists.get(`${parent}.${field}`) ?? lists.get(field);
}

export function isSet(field: string): boolean {
  return sets.has(field);
}

export function isAtomicMap(field: string): boolean {
  return atomicMaps.has(field);
}

export function isEmbeddedStruct(field: string): boolean {
  return embeddedStructs.has(field);
}

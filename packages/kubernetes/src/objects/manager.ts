/** Which deployment tool manages an object, by the marks that the tools put on it. It may undo what a plan does. */
import type { Json } from '@countersign/approvals';
import { fieldOwners } from './field-owners.ts';
import { objectAt, textAt } from './json-at.ts';
import { type Labels, labelsOf } from './selectors.ts';

export interface ManagedBy {
  readonly tool: 'Argo CD' | 'Flux' | 'Helm';
  /** What the tool calls the thing that the object is part of. */
  readonly as: 'application' | 'kustomization' | 'Helm release' | 'release';
  /** Its name, chosen by people; null where the object does not tell. */
  readonly part: string | null;
}

/** Names under which the tools write. Anybody may take one: good for telling people, never an authority. */
const WRITERS: Readonly<Record<string, Omit<ManagedBy, 'part'>>> = {
  'argocd-controller': { tool: 'Argo CD', as: 'application' },
  'argocd-application-controller': { tool: 'Argo CD', as: 'application' },
  'kustomize-controller': { tool: 'Flux', as: 'kustomization' },
  'helm-controller': { tool: 'Flux', as: 'Helm release' },
  helm: { tool: 'Helm', as: 'release' },
};

/** One entry a tool: the one that names the part, where one does. */
export function managersOf(object: Json): readonly ManagedBy[] {
  const labels = labelsOf(objectAt(object, 'metadata', 'labels'));
  const annotations = labelsOf(objectAt(object, 'metadata', 'annotations'));
  const found: ManagedBy[] = [];
  const argo = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  if (argo !== undefined) found.push({ tool: 'Argo CD', as: 'application', part: argo });
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  if (kustomization !== undefined) found.push({ tool: 'Flux', as: 'kustomization', part: kustomization });
  const fluxRelease = labels['helm.toolkit.fluxcd.io/name'];
  if (fluxRelease !== undefined) found.push({ tool: 'Flux', as: 'Helm release', part: fluxRelease });
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined || isHelm(labels)) found.push({ tool: 'Helm', as: 'release', part: release ?? null });
  for (const { manager, subresource } of fieldOwners(object)) {
    const writer = Object.hasOwn(WRITERS, manager) && subresource === null ? WRITERS[manager] : undefined;
    if (writer !== undefined && !found.some(({ tool }) => tool === writer.tool)) found.push({ ...writer, part: null });
  }
  return found;
}

/** Argo CD and Flux set back what differs from their source, by themselves. Helm only when somebody upgrades. */
export const revertsByItself = ({ tool }: ManagedBy): boolean => tool !== 'Helm';

const isHelm = (labels: Labels): boolean =>
  textAt(labels, 'app.kubernetes.io/managed-by') === 'Helm' || labels.heritage === 'Helm';

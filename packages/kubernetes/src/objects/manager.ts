/** Which deployment tool manages an object, by the marks that the tools put on it. It may undo what a plan does. */
import type { Json } from '@countersign/approvals';
import { objectAt, textAt } from './json-at.ts';
import { type Labels, labelsOf } from './selectors.ts';

export interface ManagedBy {
  readonly tool: 'Argo CD' | 'Flux' | 'Helm';
  /** The tool's own name for what the object is part of; chosen by people. */
  readonly part: string | null;
}

export function managersOf(object: Json): readonly ManagedBy[] {
  const labels = labelsOf(objectAt(object, 'metadata', 'labels'));
  const annotations = labelsOf(objectAt(object, 'metadata', 'annotations'));
  const found: ManagedBy[] = [];
  const argo = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  if (argo !== undefined) found.push({ tool: 'Argo CD', part: argo });
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name'];
  if (flux !== undefined) found.push({ tool: 'Flux', part: flux });
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined || isHelm(labels)) found.push({ tool: 'Helm', part: release ?? null });
  return found;
}

const isHelm = (labels: Labels): boolean =>
  textAt(labels, 'app.kubernetes.io/managed-by') === 'Helm' || labels.heritage === 'Helm';

/** Text that anybody in the cluster can choose, made fit for an agent: no secrets, nothing hidden, bounded. */
import { isSecretName, type Json } from '@countersign/approvals';
import { ANNOTATIONS_SHOWN_MAX, TEXT_CHARACTERS_MAX } from '../limits.ts';
import type { JsonObject } from '../objects/json-at.ts';
import type { Labels } from '../objects/selectors.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { redactLine } from '../redaction/redact-lines.ts';

const LABELS_MAX = 30;

/** A message: an event's, a condition's, a container's. */
export const safeMessage = (text: string | undefined): string => redactLine(text ?? '', TEXT_CHARACTERS_MAX);

/** A word that the API server or a controller chose: a reason, a phase, a type. */
export const safeWord = (text: string | undefined): string => redactLine(text ?? '', 100);

/** An image as it was written: any text passes the API server as one. */
export const safeImage = (text: string | undefined): string => neutralise(text ?? '', 512);

/** Labels obey a pattern, which a secret may obey as well, and there may still be hundreds. */
export const safeLabels = (labels: Labels | undefined): Labels =>
  Object.fromEntries(
    Object.entries(labels ?? {})
      .slice(0, LABELS_MAX)
      .map(([key, value]) => [
        neutralise(key, 320),
        isSecretName(key.slice(key.lastIndexOf('/') + 1)) ? '[redacted: named-secret]' : redactLine(value, 63),
      ]),
  );

/** Annotations whose values controllers write or people mean to be read. Any other may hold anything, as people use them. */
const READ_ANNOTATIONS: ReadonlySet<string> = new Set([
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'kubectl.kubernetes.io/default-container',
  'kubectl.kubernetes.io/restartedAt',
  'kubernetes.io/change-cause',
  'kubernetes.io/ingress.class',
  'ingressclass.kubernetes.io/is-default-class',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
  'argocd.argoproj.io/tracking-id',
  'countersign.dev/plan',
  'batch.kubernetes.io/job-completion-index',
  'kubernetes.io/config.source',
]);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Keys of all, values of the well-known. */
export function safeAnnotations(annotations: JsonObject): Json {
  const entries = Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED);
  return Object.fromEntries(
    entries
      .slice(0, ANNOTATIONS_SHOWN_MAX)
      .map(([key, value]): [string, Json] => [
        neutralise(key, 320),
        READ_ANNOTATIONS.has(key) && typeof value === 'string'
          ? safeMessage(value)
          : `[redacted: ${Buffer.byteLength(String(value))} bytes]`,
      ]),
  );
}

/** Text that anybody in the cluster can choose, made fit for an agent: no secrets, nothing hidden, bounded. */
import { TEXT_CHARACTERS_MAX } from '../limits.ts';
import type { Labels } from '../objects/selectors.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { redactLine } from '../redaction/redact-lines.ts';

const LABELS_MAX = 30;

/** A message: an event's, a condition's, a container's. */
export const safeMessage = (text: string | undefined): string => redactLine(text ?? '', TEXT_CHARACTERS_MAX);

/** A word that the API server or a controller chose: a reason, a phase, a type. */
export const safeWord = (text: string | undefined): string => neutralise(text ?? '', 100);

/** An image as it was written: any text passes the API server as one. */
export const safeImage = (text: string | undefined): string => neutralise(text ?? '', 512);

/** Labels obey a pattern, and there may still be hundreds. */
export const safeLabels = (labels: Labels | undefined): Labels =>
  Object.fromEntries(
    Object.entries(labels ?? {})
      .slice(0, LABELS_MAX)
      .map(([key, value]) => [neutralise(key, 320), neutralise(value, 63)]),
  );

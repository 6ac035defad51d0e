/** What a diagnosis found: facts, each with a code that stays the same, in our words. What the cluster itself said stands beside, made safe. */
import type { Json } from '@countersign/approvals';
import { FINDING_OBJECTS_MAX, FINDINGS_MAX } from '../../limits.ts';
import { safeMessage, safeWord } from '../safe-text.ts';

export interface Finding {
  /** `container.crash-looping`, `service.selects-nothing`: listed in docs/tools.md. */
  readonly code: string;
  /** Errors keep something from working now; warnings may. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The cluster's own words for it. */
  readonly said?: string | undefined;
  /** Which tool shows more. */
  readonly next?: string | undefined;
}

export interface FindingList {
  /** `about`: the object that it is found at. The same finding at several objects is one, with their names. */
  add(finding: Finding, about?: string): void;
  json(): Json;
  readonly size: number;
}

export function findingList(): FindingList {
  const found = new Map<string, { readonly finding: Finding; readonly about: string[]; count: number }>();
  return {
    get size() {
      return found.size;
    },
    add(finding, about) {
      const key = `${finding.code} ${finding.message}`;
      const known = found.get(key) ?? { finding, about: [], count: 0 };
      found.set(key, known);
      known.count += 1;
      if (about !== undefined && known.about.length < FINDING_OBJECTS_MAX) known.about.push(safeWord(about));
    },
    json: () =>
      [...found.values()]
        .sort((a, b) => rank(a.finding) - rank(b.finding))
        .slice(0, FINDINGS_MAX)
        .map(({ finding: { code, severity, message, said, next }, about, count }) => ({
          code,
          severity,
          message,
          ...(said === undefined || said === '' ? {} : { said: safeMessage(said) }),
          ...(about.length === 0 ? {} : { objects: about, count }),
          ...(next === undefined ? {} : { next }),
        })),
  };
}

const rank = ({ severity }: Finding): number => (severity === 'error' ? 0 : 1);

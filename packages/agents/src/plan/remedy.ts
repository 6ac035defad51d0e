/** What the planner decides: a change with its reason, or that there is none and why. Words are for people; no text from the cluster enters them but checked names and images. */
import { type ChangeRequest, type Target, targetKey } from '@countersign/approvals';
import { NOTE_CHARACTERS_MAX, REASON_CHARACTERS_MAX, TITLE_CHARACTERS_MAX } from '../limits.ts';
import { shownText } from '../untrusted-text.ts';

export interface Words {
  readonly title: string;
  readonly reason: string;
  readonly decidedBy: 'rules';
}

export interface Remedy {
  readonly kind: 'remedy';
  /** The object that has the anomaly, and no other. */
  readonly target: Target;
  readonly change: ChangeRequest;
  readonly words: Words;
  /** The facts that the reason rests on, a sentence each; the reason ends with them. */
  readonly evidence: readonly string[];
}

export interface NoRemedy {
  readonly kind: 'none';
  /** For people; null when there is nothing left to say something about. */
  readonly note: string | null;
  /** When the facts may have changed enough to ask again; null: not until the anomaly comes back. */
  readonly recheckAfterSeconds: number | null;
}

export function remedy(
  target: Target,
  operation: ChangeRequest['operation'],
  title: string,
  reason: string,
  evidence: readonly string[],
): Remedy {
  return {
    kind: 'remedy',
    target,
    change: { kind: target.kind, namespace: target.namespace, name: target.name, operation },
    words: {
      title: shownText(title, TITLE_CHARACTERS_MAX),
      reason: shownText([reason, ...evidence].join(' '), REASON_CHARACTERS_MAX),
      decidedBy: 'rules',
    },
    evidence,
  };
}

export const GONE: NoRemedy = { kind: 'none', note: null, recheckAfterSeconds: 0 };

export const none = (note: string, recheckAfterSeconds: number | null): NoRemedy => ({
  kind: 'none',
  note: shownText(note, NOTE_CHARACTERS_MAX),
  recheckAfterSeconds,
});

/** Stops a rule, or facts that lie, from having a plan made for another object than the one that is broken. */
export function changesOnly(chosen: Remedy, owner: Target): boolean {
  const { kind, namespace, name } = chosen.change;
  return (
    targetKey(chosen.target) === targetKey(owner) &&
    chosen.target.uid === owner.uid &&
    kind === owner.kind &&
    namespace === owner.namespace &&
    name === owner.name
  );
}

export function minutes(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'an unknown time';
  const whole = Math.max(0, Math.floor(seconds / 60));
  return whole === 1 ? '1 minute' : `${whole} minutes`;
}

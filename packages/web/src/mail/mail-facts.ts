/** What a mail may say of a plan: enough to know which one and how urgent, nothing of what it changes. */
import { digestWords, type OpenedPlan, type PlanStatus, type RiskTier } from '@countersign/approvals';
import { DIGEST_WORDS } from '../digest-words.ts';
import { NAME_CHARACTERS_MAX } from '../limits.ts';
import { kindBeside } from '../plan/actor-names.ts';
import { utcText } from '../text/instants.ts';
import { visibleLine } from '../text/visible-text.ts';
import { reviewUrl } from './locator.ts';

export interface MailFacts {
  readonly status: PlanStatus;
  readonly cluster: string;
  /** `Deployment shop/web`, one line an object. */
  readonly objects: readonly string[];
  readonly tier: RiskTier;
  /** One line, made harmless: it may be anything that a client calls itself. */
  readonly requester: string;
  /** `21 Nov 10:54 UTC`: with the day, since a mail is read any day. */
  readonly deadline: string;
  /** The alias: the digest's words, the same as on the page. */
  readonly words: string;
  readonly url: string;
  readonly pagesOrigin: string;
}

export function mailFacts(
  { plan, review, intent, reviewDigest }: OpenedPlan,
  link: { readonly pagesOrigin: string; readonly locator: string },
): MailFacts {
  const line = (text: string): string => visibleLine(text, 'code', NAME_CHARACTERS_MAX * 2);
  return {
    status: plan.status,
    cluster: line(intent.cluster.name),
    objects: intent.steps.map(({ target }) => line(`${target.kind} ${target.namespace}/${target.name}`)),
    tier: review.riskTier,
    requester: visibleLine(review.requester.display, 'prose', NAME_CHARACTERS_MAX) + kindBeside(review.requester),
    // The epoch is never the day of a plan, so the day is always said.
    deadline: utcText(review.window.notAfter, new Date(0)),
    words: digestWords(reviewDigest, DIGEST_WORDS),
    url: reviewUrl(link.pagesOrigin, link.locator),
    pagesOrigin: link.pagesOrigin,
  };
}

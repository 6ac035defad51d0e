/**
 * Delivers one notice of the outbox: who may decide (or was involved) gets a mail with a link of their own. A retry may send a mail
 * twice, since mail has no idempotency; the second copy is as harmless as the first: a pointer.
 */
import {
  type AccessLog,
  type Clock,
  type LocatorStore,
  type Notice,
  type OpenedPlan,
  type Outbox,
  openPlan,
  type PlanStore,
  type PolicySet,
  type Randomness,
  readRecords,
} from '@countersign/approvals';
import { makeLocator } from './locator.ts';
import { mailFacts } from './mail-facts.ts';
import { type DirectoryEntry, recipients } from './recipients.ts';
import { type RenderedMail, renderMail } from './render-mail.tsx';

export interface NoticePorts {
  readonly plans: Pick<PlanStore, 'read'>;
  readonly outbox: Pick<Outbox, 'read' | 'settle'>;
  readonly locators: Pick<LocatorStore, 'put'>;
  readonly accessLog: AccessLog;
  /** Throws Unavailable when it should be tried again; a refusal is final for that address. */
  readonly mail: {
    send(
      message: RenderedMail & { readonly to: string },
    ): Promise<{ readonly ok: true } | { readonly ok: false; readonly refusal: string }>;
  };
  readonly policies: PolicySet;
  readonly directory: readonly DirectoryEntry[];
  readonly pagesOrigin: string;
  readonly clock: Clock;
  readonly random: Randomness;
}

/** Settles the order once every mail is out, or when there is nothing left to say. */
export async function deliverNotice(message: { readonly outboxId: string }, ports: NoticePorts): Promise<void> {
  const order = await ports.outbox.read(message.outboxId);
  if (order?.kind !== 'notify' || order.pointer.type !== 'plan' || order.notice === null) return;
  const read = await readRecords(ports.plans, order.pointer.planId);
  const opened = read.ok ? openPlan(read.value) : read;
  if (opened.ok && !isLate(order.notice, opened.value)) {
    for (const { email } of recipients(opened.value.review, ports.policies, ports.directory, order.notice)) {
      await mailTo(email, order.notice, opened.value, ports);
    }
  }
  await ports.outbox.settle(order.outboxId);
}

/** An invitation to decide on what is decided already would only waste a look. */
const isLate = (notice: Notice, { plan }: OpenedPlan): boolean =>
  notice === 'decision-needed' && plan.status !== 'pending';

async function mailTo(to: string, notice: Notice, plan: OpenedPlan, ports: NoticePorts): Promise<void> {
  const at = ports.clock().toISOString();
  const { planId } = plan.plan;
  const { locator, hash } = makeLocator(ports.random);
  // The link must work when the mail arrives, so the record comes first.
  await ports.locators.put({ hash, planId, recipient: to, createdAt: at });
  const sent = await ports.mail.send({
    ...renderMail(notice, mailFacts(plan, { pagesOrigin: ports.pagesOrigin, locator })),
    to,
  });
  await ports.accessLog.record({
    writer: 'notify',
    at,
    type: sent.ok ? 'mail.sent' : 'mail.refused',
    actor: null,
    planId,
    data: sent.ok ? { notice } : { notice, refusal: sent.refusal },
  });
}

import { NOTICES, openPlan, PLAN_STATUSES, policyHash } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { AGENT } from '../testing/people.ts';
import { creationOf, type PlanDraft } from '../testing/plans.ts';
import { POLICY } from '../testing/world.ts';
import { mailFacts } from './mail-facts.ts';
import { renderMail } from './render-mail.tsx';

const NOW = new Date('2026-11-21T09:54:30.000Z');
const LINK = { pagesOrigin: 'https://countersign.example', locator: 'L'.repeat(32) };
const URL_ = `https://countersign.example/r/${LINK.locator}`;

function factsOf(draft: Partial<PlanDraft> = {}) {
  const { after, evidence = '' } = creationOf(
    { planId: `pln_${'A'.repeat(22)}`, by: AGENT, ...draft },
    policyHash(POLICY),
    NOW,
  );
  const opened = openPlan({ plan: after, evidence });
  if (!opened.ok) throw new Error(opened.refusal.code);
  return mailFacts(opened.value, LINK);
}

describe('a mail', () => {
  it('that asks for a decision says which plan, where, how risky, whose and until when', () => {
    const { subject, text, html } = renderMail('decision-needed', factsOf());
    expect(subject).toMatch(
      /^Decide before 21 Nov 2026 10:54 UTC: Deployment shop\/web in prod-eu-1 \([a-z]+ · [a-z]+ · [a-z]+ · [a-z]+\)$/,
    );
    for (const said of [
      'prod-eu-1',
      'Deployment shop/web',
      'medium',
      'release-agent (agent)',
      '21 Nov 2026 10:54 UTC',
      factsOf().words,
      'https://countersign.example',
    ]) {
      expect(text).toContain(said);
      expect(html).toContain(said);
    }
  });

  it('has one link, which is only a pointer', () => {
    for (const notice of NOTICES) {
      const { text, html } = renderMail(notice, factsOf());
      expect(html.match(/href="[^"]*"/g)).toEqual([`href="${URL_}"`]);
      expect(text.match(/https:\/\/\S+\/\S+/g)).toEqual([URL_]);
      expect(html).not.toMatch(/<img|<script|<form|src=|url\(|@import|approve<|deny</i);
    }
  });

  it('says nothing of the change, of the reason, or of what the agent claims', () => {
    for (const notice of NOTICES) {
      const { subject, text, html } = renderMail(notice, factsOf());
      for (const secret of [
        'nginx',
        'doesnotexist',
        'containers',
        'Roll web back',
        'registry',
        'pln_',
        'sha256',
        'kubectl',
      ]) {
        expect(`${subject}\n${text}\n${html}`).not.toContain(secret);
      }
    }
  });

  it.each([
    'agent\r\nBcc: everybody@example.com',
    'agent\nSubject: approved',
    'agent\u2028Bcc: x@example.com',
    'agent\u0000\u0007',
    '"><script>alert(1)</script>',
    '\u202Eevil\u200B',
    'x'.repeat(190),
    'https://evil.example/click',
  ])('lets nothing in through the name of a client: %j', (display) => {
    for (const notice of NOTICES) {
      const { subject, text, html } = renderMail(notice, factsOf({ by: { ...AGENT, display } }));
      expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect([...subject].length).toBeLessThanOrEqual(120);
      expect(text).not.toMatch(/^(bcc|subject):/im);
      expect(html).not.toMatch(/<script|\u202E|\u200B/);
      expect(html.match(/href=/g)).toHaveLength(1);
    }
  });

  it('names every end that a plan can have', () => {
    for (const status of PLAN_STATUSES) {
      const facts = { ...factsOf(), status };
      expect(renderMail('outcome', facts).subject.length).toBeGreaterThan(20);
      expect(renderMail('decided', facts).text).toContain('Status');
    }
    expect(renderMail('expired', { ...factsOf(), status: 'expired' }).text).toContain('Silence is never consent');
  });

  it('counts several objects instead of cutting the subject', () => {
    const facts = { ...factsOf(), objects: ['Deployment shop/a', 'Deployment shop/b'] };
    expect(renderMail('decision-needed', facts).subject).toContain('2 objects in prod-eu-1');
  });
});

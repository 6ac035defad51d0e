/**
 * The mails: a pointer each. One link, to a page that asks who you are; no diff, no value, no way to approve or deny from the mail, no
 * picture, no third party. Pure.
 */
import type { Notice } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { SUBJECT_CHARACTERS_MAX } from '../limits.ts';
import { statusWords } from '../plan/plan-status.ts';
import { visibleLine } from '../text/visible-text.ts';
import type { MailFacts } from './mail-facts.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function renderMail(notice: Notice, facts: MailFacts): RenderedMail {
  const words = wordsOf(notice, facts);
  return {
    subject: subjectLine(words.subject),
    text: textOf(words, facts),
    html: `<!doctype html>${String(<Html words={words} facts={facts} />)}`,
  };
}

interface MailWords {
  readonly subject: string;
  readonly lead: string;
  /** Names the link. */
  readonly link: 'Review' | 'Open the plan';
  readonly rows: readonly (readonly [name: string, value: string])[];
}

function wordsOf(notice: Notice, facts: MailFacts): MailWords {
  const [first = 'an object', ...more] = facts.objects;
  const what = `${more.length === 0 ? first : `${facts.objects.length} objects`} in ${facts.cluster}`;
  const { label, meaning } = statusWords(facts.status, null);
  const common = [
    ['Cluster', facts.cluster],
    ['Object', facts.objects.join(', ')],
    ['Risk', facts.tier],
    ['Asked by', facts.requester],
  ] as const;
  const plan = ['This plan', facts.words] as const;
  const ended = { link: 'Open the plan', rows: [...common, ['Status', label], plan] } as const;
  switch (notice) {
    case 'decision-needed':
      return {
        subject: `Decide before ${facts.deadline}: ${what} (${facts.words})`,
        lead: 'A change waits for your decision. Nothing happens before somebody who may decide has approved it.',
        link: 'Review',
        rows: [...common, ['Decide before', facts.deadline], plan],
      };
    case 'decided':
      return { subject: `${label}: ${what} (${facts.words})`, lead: `The plan was decided. ${meaning}`, ...ended };
    case 'outcome':
      return { subject: `${label}: ${what} (${facts.words})`, lead: meaning, ...ended };
    case 'expired':
      return {
        subject: `Expired: ${what} (${facts.words})`,
        lead: `Nobody decided before ${facts.deadline}, or it did not run in time. Silence is never consent: nothing was changed.`,
        ...ended,
      };
  }
}

/** One line without controls: nothing in a name can begin another header (CWE-93). */
const subjectLine = (text: string): string =>
  visibleLine(text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '), 'prose', SUBJECT_CHARACTERS_MAX);

const advice = ({ pagesOrigin }: MailFacts): readonly string[] => [
  'The link only opens the page; you sign in and decide there. The page shows the same four words: if it does not, do not decide.',
  `These pages are at ${pagesOrigin} and nowhere else. Answering this mail decides nothing.`,
];

function textOf({ lead, link, rows }: MailWords, facts: MailFacts): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const table = rows.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n');
  return [lead, table, `${link}: ${facts.url}`, advice(facts).join('\n')].join('\n\n').concat('\n');
}

/** Mail readers drop style sheets, so the few styles are inline; no colour is named, so that light and dark readers both keep their contrast. */
const Html: FC<{ words: MailWords; facts: MailFacts }> = ({ words, facts }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
      <title>{subjectLine(words.subject)}</title>
    </head>
    <body style="margin:0;padding:24px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
      <div style="max-width:34rem;margin:0 auto">
        <p style="margin:0 0 16px;font-weight:650">Countersign</p>
        <p style="margin:0 0 16px">{words.lead}</p>
        <table role="presentation" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:0 0 20px">
          {words.rows.map(([name, value]) => (
            <tr>
              <td style="padding:3px 18px 3px 0;opacity:.72;vertical-align:top;white-space:nowrap">{name}</td>
              <td style="padding:3px 0;font-weight:600">{value}</td>
            </tr>
          ))}
        </table>
        <p style="margin:0 0 22px">
          <a
            href={facts.url}
            style="display:inline-block;padding:10px 22px;border:2px solid;border-radius:7px;color:inherit;font-weight:650;text-decoration:none"
          >
            {words.link}
          </a>
        </p>
        {advice(facts).map((sentence) => (
          <p style="margin:0 0 8px;font-size:13px;opacity:.72">{sentence}</p>
        ))}
      </div>
    </body>
  </html>
);

/** The people's pages: createWebApp for functions/web, and the mails that point to them for functions/notify. */
export { createWebApp, type Route, WEB_ROUTES } from './create-web-app.ts';
export { DIGEST_WORDS } from './digest-words.ts';
export { API_CODES } from './http/signed-in.ts';
export { deliverNotice, type NoticePorts } from './mail/deliver-notice.ts';
export { locatorHash, makeLocator, reviewUrl } from './mail/locator.ts';
export { type MailFacts, mailFacts } from './mail/mail-facts.ts';
export { type DirectoryEntry, type Recipient, recipients } from './mail/recipients.ts';
export { type RenderedMail, renderMail } from './mail/render-mail.tsx';
export { groupsNamedBy } from './policy-groups.ts';
export type { WebConfig, WebPorts } from './ports.ts';

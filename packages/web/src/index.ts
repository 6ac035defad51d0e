/** The people's pages: createWebApp for functions/web, and the mails that point to them for functions/notify. */
export { createWebApp, WEB_ROUTES } from './create-web-app.ts';
export { DIGEST_WORDS } from './digest-words.ts';
export { locatorHash, makeLocator, reviewUrl } from './mail/locator.ts';
export type { WebConfig, WebPorts } from './ports.ts';

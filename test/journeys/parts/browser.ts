/** A real Chromium from the npm package; nothing to install. One a test file, one context a person. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../browser/chromium.ts';
import type { Ready, RunningSystem } from './running-system.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath(), args: ARGUMENTS, headless: true });
}

/** Fills the issuer's sign-in page, wherever the visit was bound for; ends back at the pages. */
export async function signIn(page: Page, user: Ready['users'][number]): Promise<void> {
  await page.getByLabel('Email').fill(user.email);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A person with a browser of their own, signed in and looking at the path. */
export async function personAt(
  browser: Browser,
  system: RunningSystem,
  email: string,
  path: string,
): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(new URL(path, system.ready.webUrl).href);
  await signIn(page, system.user(email));
  await page.waitForURL(new URL(path, system.ready.webUrl).href);
  return { page, context };
}

/** Decides on the review page as a person does. */
export async function decide(page: Page, decision: 'Approve' | 'Deny', comment = ''): Promise<void> {
  if (comment !== '') await page.getByLabel('Comment').fill(comment);
  await page.getByRole('button', { name: decision }).click();
}

/** Reloads until the status says so. */
export async function waitForStatus(page: Page, text: RegExp, withinMs = 30_000): Promise<string> {
  const end = Date.now() + withinMs;
  for (;;) {
    const status = (await page.getByRole('status').first().textContent()) ?? '';
    if (text.test(status)) return status;
    if (Date.now() > end) throw new Error(`the status stayed "${status}"`);
    await page.reload();
  }
}

/** `COUNTERSIGN_PICTURES=docs/images npm test` renews the pictures of the documents; else nothing is written. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const directory = process.env.COUNTERSIGN_PICTURES;
  if (directory === undefined) return;
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.screenshot({ path: `${directory}/${name}.png`, fullPage: true });
}

/** A browser as far as a sign-in needs one: cookies by path, redirects, and the one form of a page. For tests. */
export type TestBrowser = {
  /** Follows redirects as long as they stay on the origin; answers the page, or where it was sent on to. */
  visit(url: string): Promise<Visit>;
  /** Fills in and posts the page's form, as a click on its button would. */
  submit(page: Visit, fields: Record<string, string>, origin?: string): Promise<Visit>;
  forgetCookies(): void;
};
export type Visit = {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  readonly headers: Headers /** Set when a redirect left the origin. */;
  readonly left?: URL;
};

export function createTestBrowser(origin: string): TestBrowser {
  const jar = new Map<string, { value: string; path: string }>();

  async function go(url: string, init: RequestInit): Promise<Visit> {
    const { pathname } = new URL(url);
    const cookies = [...jar].filter(
      ([, { path }]) => path === '/' || pathname === path || pathname.startsWith(`${path}/`),
    );
    const headers = {
      ...init.headers,
      cookie: cookies.map(([key, { value }]) => `${key.split(';')[0]}=${value}`).join('; '),
    };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /;\s*path=([^;]+)/i.exec(line)?.[1] ?? '/';
      if (value === '') jar.delete(`${name};${path}`);
      else jar.set(`${name};${path}`, { value, path });
    }
    const location = answer.headers.get('location');
    const text = await answer.text();
    if (!location) return { status: answer.status, url, text, headers: answer.headers };
    const next = new URL(location, url);
    if (next.origin !== origin) return { status: answer.status, url, text, headers: answer.headers, left: next };
    return go(next.href, {});
  }

  return {
    visit: (url) => go(url, {}),
    submit: (page, fields, sentOrigin = origin) => {
      const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(page.text) ?? [];
      const body = new URLSearchParams(fields);
      for (const [, name = '', value = ''] of page.text.matchAll(
        /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
      ))
        body.append(name, value);
      return go(new URL(action, page.url).href, { method: 'POST', body, headers: { origin: sentOrigin } });
    },
    forgetCookies: () => jar.clear(),
  };
}

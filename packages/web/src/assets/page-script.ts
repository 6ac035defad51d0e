/**
 * The pages' one script, served under its hash. Everything works without it; it adds the reader's local time and keeps a page that is
 * in motion up to date. It sets text only, never markup, so that require-trusted-types-for holds. As text, because the server's types
 * know no browser.
 */
export const PAGE_SCRIPT = `
'use strict';
// Local time beside UTC, for readers who live elsewhere.
for (const time of document.querySelectorAll('time[data-local]')) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime()) || at.getTimezoneOffset() === 0) continue;
  const sameDay = at.toDateString() === new Date().toDateString();
  const local = at.toLocaleString([], sameDay ? { hour: '2-digit', minute: '2-digit' } : { dateStyle: 'medium', timeStyle: 'short' });
  if (time.dataset.local === 'beside') time.textContent += ' (' + local + ' your time)';
  else time.title = local + ' your time';
}
// A plan page looks whether its plan has moved on: a page in motion shows it, a form is never taken away from under the reader's hands.
const watched = document.querySelector('[data-watch]');
if (watched) {
  const { watch, etag, motion } = watched.dataset;
  let misses = 0;
  const look = async () => {
    if (document.visibilityState === 'visible') {
      try {
        const answer = await fetch(watch, { method: 'HEAD', cache: 'no-store' });
        if (answer.status === 401 || answer.status === 404) return;
        if (answer.ok && answer.headers.get('etag') !== etag) {
          if (motion === 'reload') return location.reload();
          document.querySelector('[data-moved]').hidden = false;
          return;
        }
        misses = 0;
      } catch { misses += 1; }
    }
    setTimeout(look, motion === 'reload' ? Math.min(1000 * 2 ** misses, 30000) : 10000);
  };
  setTimeout(look, motion === 'reload' ? 1000 : 10000);
}
`.trim();

/**
 * Reads a form that changes something. Whatever another site can make a browser send is refused before a byte of it is read: the wrong
 * Origin, a cross-site fetch, another content type (RFC 9110 section 8.3; Fetch standard: only three types need no preflight).
 */
import { pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import type { Context } from 'hono';
import { FORM_BYTES_MAX } from '../limits.ts';

export type FormFields<F extends string> = Readonly<Record<F, string>>;

/** Each field at most once, no field that the form does not have; a missing one is empty. */
export async function readForm<F extends string>(
  c: Context,
  pagesOrigin: string,
  fields: readonly F[],
): Promise<Result<FormFields<F>, Refusal>> {
  if (!isFromOurPages(c, pagesOrigin)) return refuse({ code: 'vote.form_not_trusted' });
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    return refuse({ code: 'request.invalid', issues: ['the form must be sent as application/x-www-form-urlencoded'] });
  }
  const body = await c.req.text();
  if (Buffer.byteLength(body) > FORM_BYTES_MAX)
    return refuse({ code: 'request.too_large', limitBytes: FORM_BYTES_MAX });
  const sent = new URLSearchParams(body);
  const names = [...sent.keys()];
  if (new Set(names).size !== names.length || names.some((name) => !fields.includes(name as F))) {
    return refuse({ code: 'request.invalid', issues: ['the form has fields that do not belong to it'] });
  }
  return pass(Object.fromEntries(fields.map((field) => [field, sent.get(field) ?? ''])) as FormFields<F>);
}

/** Browsers send Origin with every POST; a request without it is no form of ours. Stops cross-site request forgery beside the token. */
function isFromOurPages(c: Context, pagesOrigin: string): boolean {
  const from = c.req.header('sec-fetch-site');
  return c.req.header('origin') === pagesOrigin && (from === undefined || from === 'same-origin');
}

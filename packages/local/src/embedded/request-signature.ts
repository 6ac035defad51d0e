import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { SIGNATURE_SKEW_SECONDS } from './limits.ts';
import type { AwsCredentials } from './run-credentials.ts';

/** A request as it arrived, with its whole body. */
type SignedRequest = {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

type SignatureCheck =
  | {
      readonly ok: true /** The service it was signed for, such as 'dynamodb', 'sqs', 's3', 'ses'. */;
      readonly service: string;
    }
  | { readonly ok: false; readonly reason: 'unsigned' | 'unknown_key' | 'outside_time' | 'wrong_signature' };

/** Checks one request; `now` is the machine's clock. */
export type SignatureChecker = (request: SignedRequest, now: Date) => Promise<SignatureCheck>;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([\w-]{1,128})\/(\d{8})\/([\w-]{1,64})\/([\w-]{1,64})\/aws4_request, ?SignedHeaders=([a-z0-9;_-]{1,2048}), ?Signature=([0-9a-f]{64})$/;

/**
 * Checks AWS Signature Version 4 with this run's credentials.
 *
 * What it stops: another user's process on this machine, which can connect to a loopback port but cannot read the
 * credentials, and a web page, which can send requests there but cannot sign them. The secret never travels, the
 * body is part of what is signed, and an old request is refused, so that something overheard cannot be used again
 * later. It runs the AWS SDK's own signer over the request and compares in constant time, which leaves nothing to
 * learn about a signature by guessing it byte by byte.
 */
export function createSignatureChecker(credentials: AwsCredentials): SignatureChecker {
  const signer = (uriEscapePath: boolean) =>
    new SignatureV4({
      credentials,
      region: 'local',
      service: 'local',
      sha256: Hash.bind(null, 'sha256'),
      uriEscapePath,
      applyChecksum: false,
    });
  const ordinary = signer(true);
  const s3 = signer(false); // S3 alone signs the path as it is sent.

  return async (request, now) => {
    const match = AUTHORIZATION.exec(request.headers.authorization ?? '');
    const date = signingDate(request.headers['x-amz-date']);
    if (!match || !date) return { ok: false, reason: 'unsigned' };
    const [, keyId = '', , region = '', service = '', names = '', signature = ''] = match;
    if (!sameText(keyId, credentials.accessKeyId)) return { ok: false, reason: 'unknown_key' };
    if (Math.abs(now.getTime() - date.getTime()) > SIGNATURE_SKEW_SECONDS * 1000)
      return { ok: false, reason: 'outside_time' };
    const signedNames = new Set(names.split(';'));
    // An unsigned host or body hash could be replaced without breaking the signature.
    if (!signedNames.has('host') || !bodyIsSigned(request, signedNames, service))
      return { ok: false, reason: 'wrong_signature' };
    const expected = await (service === 's3' ? s3 : ordinary).sign(asSent(request, signedNames), {
      signingDate: date,
      signingRegion: region,
      signingService: service,
      signableHeaders: signedNames,
    });
    return sameText(expected.headers.authorization?.split('Signature=')[1] ?? '', signature)
      ? { ok: true, service }
      : { ok: false, reason: 'wrong_signature' };
  };
}

/** The request as the signer saw it: only the headers that it signed. */
function asSent(request: SignedRequest, signedNames: ReadonlySet<string>): HttpRequest {
  const url = new URL(request.url, 'http://local');
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  const headers: Record<string, string> = {};
  for (const name of signedNames) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return new HttpRequest({
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '/',
    query,
    headers,
    body: request.body,
  });
}

/**
 * The signer takes the x-amz-content-sha256 header at its word, so we compare it with the body that came. S3 alone
 * also knows bodies that are not signed (a stream), which are taken there as S3 takes them.
 */
function bodyIsSigned(request: SignedRequest, signedNames: ReadonlySet<string>, service: string): boolean {
  const claimed = request.headers['x-amz-content-sha256'];
  if (claimed === undefined) return service !== 's3';
  if (typeof claimed !== 'string' || !signedNames.has('x-amz-content-sha256')) return false;
  if (service === 's3' && (claimed === 'UNSIGNED-PAYLOAD' || claimed === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'))
    return true;
  return sameText(claimed, createHash('sha256').update(request.body).digest('hex'));
}

function signingDate(header: string | string[] | undefined): Date | undefined {
  const match = typeof header === 'string' ? /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(header) : null;
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

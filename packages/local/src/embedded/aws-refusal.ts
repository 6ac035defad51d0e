import type { IncomingHttpHeaders } from 'node:http';

/** An error body in the form that the calling AWS client reads: JSON for DynamoDB and SQS, XML for SES and S3. */
export function awsRefusal(
  headers: IncomingHttpHeaders,
  code: string,
  message: string,
): { contentType: string; body: string } {
  if (headers['x-amz-target'] !== undefined) {
    return { contentType: 'application/x-amz-json-1.0', body: JSON.stringify({ __type: code, message }) };
  }
  const inner = `<Error><Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  const isQueryProtocol = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return { contentType: 'text/xml', body: isQueryProtocol ? `<ErrorResponse>${inner}</ErrorResponse>` : inner };
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

import { certificateValidDays } from '../limits.ts';

export interface Certificates {
  readonly caCertificatePem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/**
 * A CA of its own and a serving certificate for 127.0.0.1 and localhost, EC P-256. The CA's key is not kept: it signs this one certificate
 * and is forgotten, so nobody who reads the data directory can mint another server that a kubeconfig trusts.
 */
export async function makeCertificates(now: Date): Promise<Certificates> {
  // Loaded here, not above: it costs more time than the whole rest of a start, and only the first start of a data directory needs it.
  const { generate } = await import('selfsigned');
  const notBeforeDate = new Date(now.getTime() - 3_600_000);
  const notAfterDate = new Date(now.getTime() + certificateValidDays * 86_400_000);
  const common = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate, notAfterDate } as const;
  const ca = await generate([{ name: 'commonName', value: 'countersign sandbox CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const serving = await generate([{ name: 'commonName', value: 'countersign sandbox' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { caCertificatePem: ca.cert, certificatePem: serving.cert, keyPem: serving.private };
}

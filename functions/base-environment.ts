/** Environment variables that several functions read. Each function's environment.ts picks what it needs; infra declares the same. */
import * as z from 'zod';

/** A JSON document in a variable; a wrong one stops the function at its first call, with the variable's name. */
const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context): z.output<T> => {
    try {
      return schema.parse(JSON.parse(text)) as z.output<T>;
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof z.ZodError ? z.prettifyError(error) : 'is not JSON',
      });
      return z.NEVER;
    }
  });

const publicKey = z.strictObject({
  kid: z.string().min(1),
  jwk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
});

export const deployment = { DEPLOYMENT: z.string().min(1).max(100) };
export const storage = { TABLE: z.string().min(3) };
/** Directory inside the function's own asset: deployed.json, and earlier/*.json for every version that an open plan may name. */
export const policies = { POLICY_DIRECTORY: z.string().min(1) };
export const pinnedKeys = {
  PINNED_KEYS: json(
    z.strictObject({
      vote: z.array(publicKey),
      grant: z.array(publicKey),
      release: z.array(publicKey),
      checkpoint: z.array(publicKey),
    }),
  ),
};
/** One cluster: its name, a kubeconfig file and the context that carries this function's own identity. */
export const cluster = {
  CLUSTER_NAME: z.string().min(1).max(63),
  KUBECONFIG_FILE: z.string().min(1),
  KUBECONFIG_CONTEXT: z.string().min(1),
  /** infra/cluster/guard-policies.yaml, shipped in the asset: what the cluster must hold. */
  GUARD_MANIFEST_FILE: z.string().min(1),
};
export const rawEvidence = { RAW_EVIDENCE_BUCKET: z.string().min(3) };
/** The ES256 private key of this function's one seal, as a JWK file; KMS takes its place on AWS. */
export const signingKey = { SIGNING_KEY_FILE: z.string().min(1) };
export const pages = { PAGES_URL: z.url() };
/** base64url, 32 bytes. */
export const symmetricKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const queueUrls = {
  QUEUE_URLS: json(
    z.strictObject({
      propose: z.string(),
      grant: z.string(),
      execute: z.string(),
      verify: z.string(),
      notify: z.string(),
      freshness: z.string(),
    }),
  ),
};
/** Who may be asked to decide, and where mail reaches them. Membership at decision time is the issuer's, not this list's. */
export const directory = {
  APPROVERS: json(
    z.array(z.strictObject({ email: z.email(), personId: z.string().nullable(), groups: z.array(z.string()) })),
  ),
};
/** The issuers that tokens may come from, with the owners of their clients. */
export const issuers = {
  ISSUERS: json(
    z.array(
      z.strictObject({
        issuer: z.url(),
        issuerGroup: z.string().min(1),
        personClaim: z.enum(['sub', 'oid', 'uid']),
        jwksUri: z.url(),
        algorithms: z.array(z.enum(['ES256', 'RS256'])).min(1),
        /** For issuers that do not follow RFC 9068: see identity's TrustedIssuer. */
        tokenTypes: z
          .array(z.enum(['at+jwt', 'JWT']))
          .min(1)
          .exactOptional(),
        clientIdClaim: z.enum(['client_id', 'azp', 'cid']).exactOptional(),
        scopeClaim: z.enum(['scope', 'scp']).exactOptional(),
        groupsClaim: z.string().min(1),
        clients: z.record(
          z.string(),
          z.strictObject({
            kind: z.enum(['agent', 'service']),
            display: z.string().min(1),
            /** The person who answers for the client, by the issuer's person claim. */
            owner: z.strictObject({ claimValue: z.string().min(1) }).nullable(),
            /** Subjects of its own tokens, where they are not the client id. */
            subjects: z.array(z.string().min(1)).exactOptional(),
          }),
        ),
      }),
    ),
  ),
};
export { json };

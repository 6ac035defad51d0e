export * from './bearer/create-token-verifier.ts';
export * from './bearer/person-claim.ts';
export * from './bearer/token-refusal.ts';
export * from './bearer/trusted-issuer.ts';
export * from './browser/browser-sign-in.ts';
export * from './browser/config.ts';
export * from './browser/sessions.ts';

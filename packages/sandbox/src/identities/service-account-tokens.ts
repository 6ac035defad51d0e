import { createHmac, timingSafeEqual } from 'node:crypto';
import { numberAt, stringAt } from '../json/record.ts';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { type Identity, serviceAccount } from './identity.ts';

/** Tokens that TokenRequest gives out: good until they expire or their service account is gone, also after a restart. */
export interface ServiceAccountTokens {
  issue(account: KubeObject, expires: Date): string;
  /** Undefined where it is no such token, or no longer. */
  identify(token: string): Identity | undefined;
}

/** `secret`: whoever knows it is the cluster's administrator anyway. */
export function serviceAccountTokens(store: ObjectStore, clock: () => Date, secret: string): ServiceAccountTokens {
  const key = createHmac('sha256', secret).update('sandbox service account tokens').digest();
  const sealOf = (claims: string) => createHmac('sha256', key).update(claims).digest();
  return {
    issue: ({ metadata: { namespace, name, uid } }, expires) => {
      const claims = Buffer.from(JSON.stringify({ namespace, name, uid, expires: expires.getTime() })).toString(
        'base64url',
      );
      return `${claims}.${sealOf(claims).toString('base64url')}`;
    },
    identify: (token) => {
      const [claims = '', seal = ''] = token.split('.');
      const given = Buffer.from(seal, 'base64url');
      const right = sealOf(claims);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      const said: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
      const [namespace = '', name = ''] = [stringAt(said, 'namespace'), stringAt(said, 'name')];
      if ((numberAt(said, 'expires') ?? 0) <= clock().getTime()) return undefined;
      const account = store.get('serviceaccounts', namespace, name);
      return account?.metadata.uid === stringAt(said, 'uid') ? serviceAccount(namespace, name) : undefined;
    },
  };
}

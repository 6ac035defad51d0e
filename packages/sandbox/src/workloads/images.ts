/**
 * The images that exist as far as the sandbox is concerned; a pod with any other ends in ImagePullBackOff. No `latest` among them:
 * a tag that moves would make "the last revision that was healthy" mean nothing.
 */
export const defaultImages: readonly string[] = [
  'nginx:1.26-alpine',
  'nginx:1.27-alpine',
  'nginx:1.28-alpine',
  'redis:7.2-alpine',
  'redis:7.4-alpine',
  'busybox:1.37',
  'ghcr.io/countersign/shop-api:1.4.1',
  'ghcr.io/countersign/shop-api:1.4.2',
  'ghcr.io/countersign/shop-api:1.5.0',
  'ghcr.io/countersign/shop-cart:2.0.4',
  'ghcr.io/countersign/shop-cart:2.1.0',
  'ghcr.io/countersign/shop-worker:3.0.0',
  'ghcr.io/countersign/shop-worker:3.0.1',
  'ghcr.io/countersign/payments-ledger:0.9.3',
  'ghcr.io/countersign/admin-console:1.0.0',
];

/** A Kubernetes API in this process: enough of one for Countersign, for kubectl and for a newcomer without a cluster. */
export type { IdentityName } from './identities/identity.ts';
export { type Sandbox, type SandboxLogger, type SandboxOptions, startSandbox } from './start-sandbox.ts';
export type { KubeObject, NewObject, ObjectStore, StoreEvent } from './store/object-store.ts';

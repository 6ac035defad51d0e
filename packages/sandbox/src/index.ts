/** A Kubernetes API in this process: enough of one for Countersign, for kubectl and for a newcomer without a cluster. */
/** What the images and annotations of a pod make of it: whoever plays the kubelet elsewhere keeps to the same. */
export { crashOf } from './controllers/crash.ts';
export { imageReference, pullError } from './controllers/image-reference.ts';
export type { IdentityName } from './identities/identity.ts';
export { type Sandbox, type SandboxLogger, type SandboxOptions, startSandbox } from './start-sandbox.ts';
export type { KubeObject, NewObject, ObjectStore, StoreEvent } from './store/object-store.ts';
export { defaultImages } from './workloads/images.ts';

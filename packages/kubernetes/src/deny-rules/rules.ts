/** The fixed rules, in the order in which they speak. docs/policy.md has a row for each. */
import { addedCapability } from './added-capability.ts';
import { containerAdded } from './container-added.ts';
import { containerUnknown } from './container-unknown.ts';
import { dataDeleted } from './data-deleted.ts';
import { ephemeralContainer } from './ephemeral-container.ts';
import { escalationKind } from './escalation-kind.ts';
import { hostNamespace } from './host-namespace.ts';
import { hostPath } from './host-path.ts';
import { hostPort } from './host-port.ts';
import { imageDowngrade } from './image-downgrade.ts';
import { imageDigest, imageRegistry } from './image-source.ts';
import { imageTag } from './image-tag.ts';
import { kindNotAllowed } from './kind-not-allowed.ts';
import { namespaceNotAllowed } from './namespace-not-allowed.ts';
import { podSecurity } from './pod-security/pod-security.ts';
import { privileged } from './privileged.ts';
import { programChanged } from './program-changed.ts';
import { protectedMetadata } from './protected-metadata.ts';
import { protectedNamespace } from './protected-namespace.ts';
import { replicasOutOfBounds } from './replicas-out-of-bounds.ts';
import type { Rule } from './rule.ts';
import { secretKind } from './secret-kind.ts';
import { secretLikeKey } from './secret-like-key.ts';
import { secretMount } from './secret-mount.ts';
import { selectorChanged } from './selector-changed.ts';
import { serviceAccount } from './service-account.ts';
import { serviceExposed } from './service-exposed.ts';
import { subPath } from './sub-path.ts';
import { tokenMount } from './token-mount.ts';

export const RULES: readonly Rule[] = [
  privileged,
  hostNamespace,
  hostPath,
  addedCapability,
  imageTag,
  namespaceNotAllowed,
  replicasOutOfBounds,
  containerUnknown,
  protectedNamespace,
  protectedMetadata,
  secretKind,
  escalationKind,
  dataDeleted,
  hostPort,
  ephemeralContainer,
  serviceExposed,
  serviceAccount,
  tokenMount,
  secretMount,
  secretLikeKey,
  subPath,
  containerAdded,
  programChanged,
  selectorChanged,
  imageDowngrade,
  kindNotAllowed,
  imageRegistry,
  imageDigest,
  podSecurity,
];

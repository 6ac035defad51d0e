/**
 * The Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards) as questions about one pod. Each violation is
 * a sentence that names the field and, where it matters, its value: equal sentences before and after are the same violation.
 */
import type { PodView } from '../pod-containers.ts';

export type Check = (pod: PodView) => readonly string[];

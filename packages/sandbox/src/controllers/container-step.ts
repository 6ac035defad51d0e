import type { KubeObject } from '../store/object-store.ts';
import type { ContainerStatus } from './container-status.ts';
import type { Container } from './kinds.ts';
import { BACK_OFF_EVENT_EVERY_MS } from './limits.ts';

/** Where a container is, and when (epoch milliseconds) it goes on. `up` and `done` wait for nothing. */
export type Step =
  | { at: 'pulling' | 'pull-failed' | 'starting' | 'failing' | 'exited'; dueMs: number }
  | { at: 'pull-back-off' | 'restart-back-off'; dueMs: number; retryMs: number }
  | { at: 'up' }
  | { at: 'done' };

/** What the kubelet keeps in its memory only; when that is lost, back-offs begin again, as the kubelet's do. */
export interface ContainerMemory {
  step: Step;
  pullBackOffMs?: number;
  restartBackOffMs?: number;
}

/** What the kubelet has to say about a container. */
export interface Note {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

export interface ContainerContext {
  pod: KubeObject;
  container: Container;
  /** Full references, see image-reference.ts. */
  images: ReadonlySet<string>;
  now: Date;
}

export interface ContainerProgress {
  status: ContainerStatus;
  memory: ContainerMemory;
  /** In order. */
  notes: readonly Note[];
}

/** One step of one container that is due. Pure. */
export type Advance = (
  context: ContainerContext,
  status: ContainerStatus,
  memory: ContainerMemory,
) => ContainerProgress;

/** A wait until `retryMs` that wakes up in between to say so again, as the kubelet does. */
export function backOffStep(at: 'pull-back-off' | 'restart-back-off', now: Date, retryMs: number): Step {
  return { at, retryMs, dueMs: Math.min(retryMs, now.getTime() + BACK_OFF_EVENT_EVERY_MS) };
}

import type { KubeObject } from '../store/object-store.ts';
import { type Container, podSpec } from './kinds.ts';

/** On a pod template: `<exit code>:<message>`; its first container runs for a moment and exits so, every time. */
const CRASH = 'sandbox.countersign.dev/crash';
/** On a pod template: `<message>`; the first container exits with code 1 until the template carries kubectl's restart annotation. */
export const CRASH_UNTIL_RESTARTED = 'sandbox.countersign.dev/crash-until-restarted';
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

export interface Crash {
  exitCode: number;
  message: string;
}

/** How this container is going to end, or undefined when it will run on. */
export function crashOf(pod: KubeObject, container: Container): Crash | undefined {
  const annotations = pod.metadata.annotations ?? {};
  if (podSpec(pod)?.containers[0]?.name === container.name) {
    const crash = annotations[CRASH];
    if (crash !== undefined) return parseCrash(crash);
    const untilRestarted = annotations[CRASH_UNTIL_RESTARTED];
    if (untilRestarted !== undefined && annotations[RESTARTED_AT] === undefined)
      return { exitCode: 1, message: untilRestarted };
  }
  return commandExit(container);
}

function parseCrash(text: string): Crash {
  const [, code, message] = /^(\d{1,3}):(.*)$/s.exec(text) ?? [];
  return code === undefined ? { exitCode: 1, message: text } : { exitCode: Number(code) % 256, message: message ?? '' };
}

/** A shell command that says `exit 3` does; what it echoes before is its message. */
function commandExit(container: Container): Crash | undefined {
  const command = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
  const [, code] = /(?:^|[\s;&|])exit\s+(\d{1,3})\b/.exec(command) ?? [];
  if (code === undefined) return undefined;
  const [, , message] = /\becho\s+(["']?)([^;&|]*?)\1\s*(?:[;&|]|$)/.exec(command) ?? [];
  return { exitCode: Number(code) % 256, message: message ?? '' };
}

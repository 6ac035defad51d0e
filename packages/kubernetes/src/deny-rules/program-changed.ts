/** What decides which program runs and how: command, arguments, environment, hooks, what it sees of the machine. The image has rules of its own. */
import { canonicalize, type Json } from '@countersign/approvals';
import { podContainers, podSpecsOf } from './pod-containers.ts';
import type { Rule } from './rule.ts';

const OF_CONTAINER = [
  'command',
  'args',
  'env',
  'envFrom',
  'lifecycle',
  'workingDir',
  'securityContext',
  'volumeMounts',
  'volumeDevices',
];
const OF_POD = [
  'volumes',
  'serviceAccountName',
  'securityContext',
  'shareProcessNamespace',
  'runtimeClassName',
  'nodeName',
  'hostAliases',
  'dnsConfig',
  'dnsPolicy',
  'hostUsers',
  'priorityClassName',
  'schedulerName',
];

export const programChanged: Rule = {
  code: 'program-changed',
  passes: 'the containers run the same programs in the same surroundings',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ live, after }) => {
    if (live === null || after === null) return { denials: [] };
    const before = new Map(podContainers(live).map(({ label, container }) => [label, container]));
    const inContainers = podContainers(after).flatMap(({ label, container }) => {
      const old = before.get(label);
      return old === undefined
        ? []
        : differing(OF_CONTAINER, old, container).map((member) => `${member} of ${label} changes`);
    });
    const pods = podSpecsOf(live);
    const inPods = podSpecsOf(after).flatMap((spec, at) => differing(OF_POD, pods[at] ?? {}, spec));
    return { denials: [...inContainers, ...inPods.map((member) => `${member} of the pods changes`)] };
  },
};

type Members = { readonly [key: string]: Json };
const differing = (members: readonly string[], before: Members, after: Members): readonly string[] =>
  members.filter((member) => canonicalize(before[member] ?? null) !== canonicalize(after[member] ?? null));

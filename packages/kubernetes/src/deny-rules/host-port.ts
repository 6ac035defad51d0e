/** A port of the node: it is open on every network that the node is on, and two pods cannot share it. */
import type { Json } from '@countersign/approvals';
import { listAt, numberAt } from '../objects/json-at.ts';
import { podContainers } from './pod-containers.ts';
import { brought, type Rule } from './rule.ts';

export const hostPort: Rule = {
  code: 'host-port',
  passes: 'the plan opens no port of a node',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ live, after }) => ({ denials: brought(portsOf(live), portsOf(after)) }),
};

const portsOf = (object: Json): readonly string[] =>
  podContainers(object).flatMap(({ label, container }) =>
    listAt(container, 'ports')
      .map((port) => numberAt(port, 'hostPort') ?? 0)
      .filter((port) => port !== 0)
      .map((port) => `${label} opens port ${port} of the node`),
  );

/** Anomalies of the namespaces that a person may read: by the deployed policy's bindings, or as operator or auditor. Reads only. */
import { type Anomaly, boundNamespaces, type Person, SEVERITIES } from '@countersign/approvals';
import { ANOMALIES_MAX } from '../limits.ts';
import type { WebConfig, WebPorts } from '../ports.ts';
import { isInsider } from './look-up-plan.ts';

type Reads = Pick<WebPorts, 'anomalies' | 'policies'> & Pick<WebConfig, 'cluster'>;

/** The most severe first, then the newest; resolved ones last when they are asked for. */
export async function readAnomalies(person: Person, active: boolean, ports: Reads): Promise<readonly Anomaly[]> {
  const all = await ports.anomalies.list({ cluster: ports.cluster, active, limit: ANOMALIES_MAX });
  const insider = isInsider(person, ports.policies);
  const readable = boundNamespaces(
    ports.policies.deployed,
    { id: person.id, kind: 'person', groups: person.groups },
    'read',
  );
  const rank = (anomaly: Anomaly): number =>
    (anomaly.status === 'active' ? 0 : 10) + SEVERITIES.indexOf(anomaly.severity);
  return all
    .filter((anomaly) => insider || readable.includes(anomaly.target.namespace))
    .toSorted((a, b) => rank(a) - rank(b) || b.lastSeenAt.localeCompare(a.lastSeenAt));
}

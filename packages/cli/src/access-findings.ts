import { type Access, type ClusterConnection, IDENTITIES, type IdentityName, mayI } from '@countersign/kubernetes';
import type { Finding } from './doctor.ts';
import { mustBeAllowed, mustBeRefused } from './expected-access.ts';

/** One finding for each identity, and one more for each right that is wrong. Throws Unavailable. */
export async function accessFindings(
  connections: Readonly<Record<IdentityName, ClusterConnection>>,
  namespace: string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const identity of IDENTITIES) {
    const wrong: Finding[] = [];
    const ask = async (access: Access, wanted: boolean): Promise<void> => {
      if ((await mayI(connections[identity], access)) === wanted) return;
      wrong.push({
        well: false,
        what: `${namespace}: the ${identity} ${wanted ? 'must be able to' : 'must not be able to'} ${inWords(access)}`,
      });
    };
    for (const access of mustBeAllowed(identity, namespace)) await ask(access, true);
    for (const access of mustBeRefused(identity, namespace)) await ask(access, false);
    findings.push(
      ...(wrong.length > 0
        ? wrong
        : [{ well: true, what: `${namespace}: the ${identity} may do what it must, and nothing that it must not` }]),
    );
  }
  return findings;
}

function inWords({ verb, group, resource, subresource, namespace }: Access): string {
  const named = `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return `${verb} ${named}${namespace === undefined ? ' everywhere' : ` in ${namespace}`}`;
}

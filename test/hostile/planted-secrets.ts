/** Secrets in every place of a cluster where one may be found, each of its own, so that what leaks says from where. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { ClusterUser } from '../journeys/parts/cluster-user.ts';

export const NAMESPACE = 'shop';
export const PLANTED = 'vault';
/** Stands beside the secrets in the open: where it is seen, the place was looked at. */
export const MARKERS = {
  log: 'seenlogofvault',
  event: 'seeneventofvault',
  status: 'seenstatusofvault',
  annotation: 'seennoteofvault',
};

export interface Planted {
  /** Place -> secret: no pattern knows its shape. */
  readonly secrets: ReadonlyMap<string, string>;
}

export function secretsByPlace(): { readonly of: (place: string) => string } & Planted {
  const secrets = new Map<string, string>();
  return {
    secrets,
    of: (place) => {
      const made = secrets.get(place) ?? `cny${secrets.size}x${randomBytes(8).toString('hex')}`;
      secrets.set(place, made);
      return made;
    },
  };
}

/** A Deployment that keeps crashing with a talkative log, a ConfigMap, a Secret, an event and a failed Pod. */
export async function plant(user: ClusterUser, of: (place: string) => string): Promise<void> {
  const create = async (path: string, body: unknown): Promise<void> => {
    const answer = await user.send('POST', path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  };
  const core = `/api/v1/namespaces/${NAMESPACE}`;
  await create(`${core}/configmaps`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: PLANTED },
    data: {
      FREE: of('a plain value of a ConfigMap'),
      DB_PASSWORD: of('a password in a ConfigMap'),
      kubeconfig: `users:\n- name: admin\n  user:\n    token: ${of('a kubeconfig in a ConfigMap')}\n`,
    },
    binaryData: { blob: Buffer.from(`token=${of('binary data of a ConfigMap')}`).toString('base64') },
  });
  await create(`${core}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: PLANTED,
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': `{"stringData":{"a":"${of('what was applied of a Secret')}"}}`,
      },
    },
    data: { key: Buffer.from(of('a Secret')).toString('base64') },
  });
  await create(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, deployment(of));
  await create(`${core}/events`, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${PLANTED}.1` },
    involvedObject: { kind: 'Deployment', apiVersion: 'apps/v1', name: PLANTED, namespace: NAMESPACE },
    type: 'Warning',
    reason: 'Failed',
    message: `${MARKERS.event}: login with password=${of('an event')} at postgres://app:${of('a URL in an event')}@db refused`,
    count: 9,
    firstTimestamp: new Date(Date.now() - 600_000).toISOString(),
    lastTimestamp: new Date().toISOString(),
  });
  await create(`${core}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${PLANTED}-done`, labels: { app: `${PLANTED}-done` } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx:1.27-alpine' }] },
  });
  const failed = {
    status: { phase: 'Failed', reason: 'Evicted', message: `${MARKERS.status} token: ${of('a status message')}` },
  };
  const patched = await user.send(
    'PATCH',
    `${core}/pods/${PLANTED}-done/status`,
    failed,
    'application/merge-patch+json',
  );
  expect(patched.status, JSON.stringify(patched.body)).toBe(200);
}

function deployment(of: (place: string) => string) {
  const log = [
    MARKERS.log,
    `password=${of('an assignment in a log')}`,
    `{"client_secret":"${of('JSON in a log')}","n":1}`,
    `Authorization: Bearer ${of('a header in a log')}`,
    `map[apiToken:${of('a Go map in a log')}]`,
    `pass\u200bword=${of('a name with a hidden character in a log')}`,
    Buffer.from(`export DB_PASSWORD=${of('base64 in a log')}`).toString('base64'),
  ].join(' ');
  const env = [
    { name: 'PLAIN_SETTING', value: of('a plain variable') },
    { name: 'DB_PASSWORD', value: of('a password in a variable') },
  ];
  const labels = { app: PLANTED };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: PLANTED,
      labels: { ...labels, 'example.com/session-token': of('a label') },
      annotations: {
        'example.com/api-key': of('an annotation by its name'),
        'example.com/note': `${MARKERS.annotation} postgres://app:${of('a URL in an annotation')}@db/shop`,
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
          spec: { containers: [{ env: [{ name: 'X', value: of('what was last applied') }] }] },
        }),
      },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          annotations: {
            'sandbox.countersign.dev/crash-until-restarted': log,
            'example.com/credentials': of("an annotation of a pod's template"),
          },
        },
        spec: {
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: PLANTED,
              image: 'ghcr.io/countersign/shop-worker:3.0.1',
              env,
              args: [`--db-password=${of('an argument')}`, '--api-token', of('an argument after its flag')],
              livenessProbe: {
                httpGet: { path: '/', port: 8080, httpHeaders: [{ name: 'X-Check', value: of("a probe's header") }] },
              },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            },
          ],
        },
      },
    },
  };
}

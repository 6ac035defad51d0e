import type { JsonRecord } from '../json/record.ts';

export interface TestDeployment extends JsonRecord {
  apiVersion: 'apps/v1';
  kind: 'Deployment';
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [member: string]: unknown;
  };
  spec: JsonRecord & { replicas?: number };
}

/** A Deployment as small as one can be. */
export function testDeployment(name: string, image = 'nginx:1.27-alpine'): TestDeployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}

export function testConfigMap(name: string, labels: Record<string, string> = {}): JsonRecord {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { key: 'value' } };
}

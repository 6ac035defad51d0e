/** Run by restart.test.ts as a process of its own, to be killed: starts a sandbox on the directory of its argument and prints its address and the user's kubeconfig. */
import { startSandbox } from '../start-sandbox.ts';
import { clusterManifests } from './test-sandbox.ts';

const sandbox = await startSandbox({ dataDirectory: process.argv[2] ?? '', manifests: clusterManifests(['shop']) });
process.stdout.write(
  `${JSON.stringify({ url: sandbox.url, ca: sandbox.caCertificatePem, kubeconfig: sandbox.kubeconfig() })}\n`,
);
process.once('SIGTERM', () => void sandbox.stop().then(() => process.exit(0)));

import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startControllers } from './controllers/start-controllers.ts';
import { serveDefinitions } from './custom-resources/serve-definitions.ts';
import { applyDefaults } from './defaults/apply-defaults.ts';
import { authenticator } from './identities/authenticate.ts';
import { loadCredentials } from './identities/credentials.ts';
import type { IdentityName } from './identities/identity.ts';
import { serviceAccountTokens } from './identities/service-account-tokens.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import { readObjectJournal, recordObjects } from './persistence/object-journal.ts';
import { readPrivateFile, writePrivateFile } from './persistence/private-file.ts';
import { seedWorkloads } from './seed/workloads.ts';
import { putObject, seedManifests } from './seed-manifests.ts';
import { type ApiServer, serve } from './server/serve.ts';
import { createObjectStore } from './store/create-object-store.ts';
import type { NewObject, ObjectStore } from './store/object-store.ts';
import { createEventLog } from './watch/event-log.ts';
import { defaultImages } from './workloads/images.ts';

export interface SandboxOptions {
  /** Made with mode 0700 if it is not there. Holds objects, tokens and certificates; one sandbox at a time. */
  readonly dataDirectory: string;
  /** 0 or absent: a free port, chosen once and remembered in the data directory. */
  readonly port?: number;
  /** Objects that lie in the cluster from the start, the guard policies and roles of infra/cluster among them. */
  readonly manifests?: readonly NewObject[];
  /**
   * Objects that simply lie there, status and all, when the data directory is new: no controller has made them and no watcher hears of them. Pods of a
   * `nodeName` that is no node here stay exactly as given, so that tens of thousands of them cost nothing.
   */
  readonly objects?: Iterable<NewObject>;
  readonly clock?: () => Date;
  /** The images that exist; any other ends in ImagePullBackOff. */
  readonly images?: readonly string[];
  readonly logger?: SandboxLogger;
}

/** Gets names and codes only: never an object, a token or a body. */
export interface SandboxLogger {
  error(message: string): void;
}

export interface Sandbox {
  /** https://127.0.0.1:<port> */
  readonly url: string;
  readonly caCertificatePem: string;
  /** A YAML kubeconfig with all four contexts; `context` (default user) is the current one. */
  kubeconfig(context?: IdentityName): string;
  readonly store: ObjectStore;
  /** Resolves when no rollout, back-off or deadline is due within two seconds. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a Kubernetes API in this process, with controllers and a few workloads. Rejects where the port is taken or the data directory cannot be read.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDirectory, clock = () => new Date(), images = defaultImages, logger = warnings } = options;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const credentials = await loadCredentials(dataDirectory, randomBytes, new Date());
  const stopping = new AbortController();
  // Every watch listens for the end; any number of them is normal.
  setMaxListeners(0, stopping.signal);
  const onFault = (error: unknown) => logger.error(`sandbox fault: ${whereabouts(error)}`);

  const journalPath = join(dataDirectory, 'objects.jsonl');
  const restored = readObjectJournal(journalPath);
  const store = createObjectStore({
    clock,
    defaults: applyDefaults,
    onListenerError: onFault,
    ...(restored === undefined ? {} : { restored }),
  });
  serveDefinitions(store, clock);
  const tokens = serviceAccountTokens(store, clock, credentials.tokens.user);
  const context = { store, events: createEventLog(store), clock, tokens, stopping: stopping.signal };
  // The port first: it is also the lock that keeps a second sandbox out of this data directory before either has written anything.
  const server = await listen(dataDirectory, options.port ?? 0, (port) =>
    serve(port, credentials.certificates, {
      context,
      authenticate: authenticator(credentials.tokens, tokens),
      onFault,
    }),
  );
  const parts = startParts();

  /** Everything behind the port, in one turn of the event loop: no request is answered before it is all there. */
  function startParts() {
    try {
      if (restored === undefined) {
        seedWorkloads(store);
        for (const object of options.objects ?? []) putObject(store, object);
      }
      const remember = seedManifests(store, options.manifests ?? [], dataDirectory, restored === undefined);
      const journal = recordObjects(journalPath, store);
      remember();
      const onError = (error: unknown, controller: string, key: string) =>
        logger.error(`${controller} could not reconcile ${key}: ${whereabouts(error)}`);
      return { journal, controllers: startControllers({ store, clock, images, onError }) };
    } catch (error) {
      void server.stop();
      throw error;
    }
  }

  const url = `https://127.0.0.1:${server.port}`;
  return {
    url,
    caCertificatePem: credentials.certificates.caCertificatePem,
    kubeconfig: (name = 'user') => renderKubeconfig(url, credentials, name),
    store,
    settled: () => parts.controllers.settled(),
    async stop() {
      parts.controllers.stop();
      stopping.abort();
      await server.stop();
      parts.journal.close();
    },
  };
}

const warnings: SandboxLogger = { error: (message) => process.emitWarning(message) };

/** An error's name and where it came from. Not its message, which may carry parts of an object. */
function whereabouts(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames.slice(0, 3).map((line) => line.trim())].join(' ');
}

async function listen(
  dataDirectory: string,
  wanted: number,
  start: (port: number) => Promise<ApiServer>,
): Promise<ApiServer> {
  const path = join(dataDirectory, 'port');
  const remembered = Number(readPrivateFile(path) ?? 0);
  const port = wanted === 0 ? remembered : wanted;
  try {
    const server = await start(port);
    if (server.port !== remembered) writePrivateFile(path, `${server.port}\n`);
    return server;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new Error(
      `Port ${port} of 127.0.0.1 is taken: another sandbox may be running on ${dataDirectory}. Stop what has the port, or delete ${path} to let the sandbox choose another.`,
    );
  }
}

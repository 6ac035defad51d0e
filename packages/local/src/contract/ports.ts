import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import * as z from 'zod';
import type { DataDirectory } from './data-directory.ts';
import { FREE_PORT_PAIR_ATTEMPTS, HIGHEST_FREE_PORT, LOWEST_FREE_PORT } from './limits.ts';
import { startRefusal } from './start-refusal.ts';

const RememberedPorts = z.strictObject({
  /** Only what --port 0 picked: a port that somebody named is not remembered. */
  pages: z.number().int().optional(),
  services: z.record(z.string(), z.number().int()),
});

export type Ports = {
  readonly pages: number;
  /** Always the pages' port + 1: endpoint, issuer and mailbox. */
  readonly endpoint: number;
  readonly services: Readonly<Record<string, number>>;
};

/**
 * The ports of this run. With 0 a free pair is picked once and remembered, because mailed links, registered clients
 * and the issuer's name contain it. A service's port is remembered too, but moves when it is taken.
 *
 * @param requested the pages' port, 0 for a free one
 * @param services names of embedded services that need a port each, such as 'dynamodb'
 * @throws StartRefusal where a port that must not move is taken
 */
export async function choosePorts(data: DataDirectory, requested: number, services: readonly string[]): Promise<Ports> {
  const document = data.document('ports', RememberedPorts);
  const remembered = document.read() ?? { services: {} };
  const pages = requested === 0 ? await rememberedOrFreePair(remembered.pages) : requested;
  if (!(await isFree(pages)) || !(await isFree(pages + 1))) throw startRefusal(takenSentence(pages, requested === 0));
  const chosen: Record<string, number> = {};
  const taken = new Set([pages, pages + 1]);
  for (const service of services) {
    const port = await rememberedOrFree(remembered.services[service], taken);
    taken.add(port);
    chosen[service] = port;
  }
  document.write({
    ...remembered,
    ...(requested === 0 ? { pages } : {}),
    services: { ...remembered.services, ...chosen },
  });
  return { pages, endpoint: pages + 1, services: chosen };
}

function takenSentence(pages: number, wasRemembered: boolean): string {
  const which = wasRemembered
    ? `ports ${pages} and ${pages + 1}, which this data directory remembers`
    : `ports ${pages} and ${pages + 1}`;
  return `Countersign needs ${which}, and another program uses one of them: stop it, or choose others with --port N (0 picks free ones).`;
}

async function rememberedOrFreePair(remembered: number | undefined): Promise<number> {
  if (remembered !== undefined) return remembered;
  for (let attempt = 0; attempt < FREE_PORT_PAIR_ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST_FREE_PORT, HIGHEST_FREE_PORT);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw startRefusal('Countersign found no two neighbouring free ports: name one with --port N.');
}

async function rememberedOrFree(remembered: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (remembered !== undefined && !taken.has(remembered) && (await isFree(remembered))) return remembered;
  for (let attempt = 0; attempt < FREE_PORT_PAIR_ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST_FREE_PORT, HIGHEST_FREE_PORT);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw startRefusal('Countersign found no free port for its embedded services: stop other programs and start again.');
}

/** Only a hint: who listens at last is decided when the server listens, which fails loudly. */
function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => answer(true)));
  });
}

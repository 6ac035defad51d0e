import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLANNER, personIdOf, refuse, Unavailable } from '@countersign/approvals';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { issuers } from './base-environment.ts';
import { environmentSchema } from './grant/environment.ts';
import { proposeClient } from './mcp/propose-client.ts';
import { EnvironmentInvalid, type Platform, parseEnvironment } from './platform.ts';
import { clientProposal } from './proposal-event.ts';
import { eachMessage } from './queue-batch.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map((entry) => entry.name);

function recording(): { readonly platform: Platform; readonly faults: Record<string, unknown>[] } {
  const faults: Record<string, unknown>[] = [];
  return { faults, platform: { log: (fault: Record<string, unknown>) => faults.push(fault) } as unknown as Platform };
}

const eventOf = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, at) => ({ messageId: `m${at}`, body }) as SQSEvent['Records'][number]),
});
const message = (outboxId: string): string => JSON.stringify({ outboxId });
const ID = `grant.pln_${'A'.repeat(22)}.2`;

describe('the functions', () => {
  it('are the ten folders of this version, each with a handler of at most 60 lines and its environment', () => {
    expect(folders.sort()).toEqual([
      'execute',
      'grant',
      'mcp',
      'notify',
      'observe',
      'propose',
      'relay',
      'sweep',
      'verify',
      'web',
    ]);
    for (const folder of folders) {
      const handler = readFileSync(join(here, folder, 'handler.ts'), 'utf8');
      expect(handler.trimEnd().split('\n').length, folder).toBeLessThanOrEqual(60);
      expect(handler).toMatch(/export function createHandler\(/);
      expect(handler).toMatch(/export const handler = onFirstCall\(environmentSchema, createHandler\)/);
      expect(existsSync(join(here, folder, 'environment.ts'))).toBe(true);
    }
  });

  it('only web, grant and mcp are given a signing key', () => {
    const signing = folders.filter((folder) =>
      readFileSync(join(here, folder, 'environment.ts'), 'utf8').includes('signingKey'),
    );
    expect(signing.sort()).toEqual(['grant', 'mcp', 'web']);
  });

  it('only execute composes the part that can write to a cluster, only propose the one that dry-runs', () => {
    const uses = (name: string): string[] =>
      folders.filter((folder) => readFileSync(join(here, folder, 'handler.ts'), 'utf8').includes(`${name}(`));
    expect(uses('executionCluster')).toEqual(['execute']);
    expect(uses('proposalCluster')).toEqual(['propose']);
  });
});

describe('the environment', () => {
  it('is refused with the name of the variable and without its value', () => {
    const variables = {
      DEPLOYMENT: 'x',
      TABLE: 'records',
      POLICY_DIRECTORY: '/p',
      SIGNING_KEY_FILE: '/k',
      PINNED_KEYS: '{"vote":"s3cr3t"}',
    };
    expect(() => parseEnvironment(environmentSchema, variables)).toThrow(EnvironmentInvalid);
    expect(() => parseEnvironment(environmentSchema, variables)).toThrow(/PINNED_KEYS/);
    expect(() => parseEnvironment(environmentSchema, variables)).not.toThrow(/s3cr3t/);
    expect(() => parseEnvironment(environmentSchema, {})).toThrow(/DEPLOYMENT.*TABLE/);
  });
});

describe('the trusted issuers', () => {
  const issuer = {
    issuer: 'https://login.example/realms/shop',
    issuerGroup: 'shop',
    personClaim: 'sub',
    jwksUri: 'https://login.example/certs',
    algorithms: ['RS256'],
    groupsClaim: 'groups',
    clients: { bot: { kind: 'service', display: 'bot', owner: null, subjects: ['3f0c'] } },
  };
  const variables = z.object(issuers);

  it('can be those that do not follow RFC 9068, in the words of the verifier', () => {
    const keycloak = { ...issuer, tokenTypes: ['JWT'], clientIdClaim: 'azp', scopeClaim: 'scope' };
    const { ISSUERS } = variables.parse({ ISSUERS: JSON.stringify([issuer, keycloak]) });
    expect(ISSUERS).toEqual([issuer, keycloak]);
  });

  it('are refused with an algorithm, a claim or a member that is not known', () => {
    for (const wrong of [
      { algorithms: ['HS256'] },
      { personClaim: 'email' },
      { clientIdClaim: 'sub' },
      { trust: true },
    ]) {
      expect(variables.safeParse({ ISSUERS: JSON.stringify([{ ...issuer, ...wrong }]) }).success).toBe(false);
    }
  });
});

describe('a batch of queue messages', () => {
  it('drops what is no pointer of ours, and says so', async () => {
    const { platform, faults } = recording();
    const seen: string[] = [];
    const hostile = ['', '{', '[]', '{"outboxId":7}', '{"other":"x"}', 'x'.repeat(300_000)];
    const answer = await eachMessage(eventOf(...hostile, message(ID)), platform, async ({ outboxId }) => {
      seen.push(outboxId);
      return undefined;
    });
    expect(seen).toEqual([ID]);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(faults).toHaveLength(hostile.length);
    expect(JSON.stringify(faults)).not.toContain('xxx');
  });

  it('leaves in the queue what failed, and only that', async () => {
    const { platform } = recording();
    const other = `grant.pln_${'B'.repeat(22)}.2`;
    const answer = await eachMessage(eventOf(message(ID), message(other)), platform, async ({ outboxId }) => {
      if (outboxId === ID) throw new Unavailable('no answer');
      return undefined;
    });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  });

  it('treats a refusal as an answer, and a lost race as worth another look, a bounded number of times', async () => {
    const { platform } = recording();
    let calls = 0;
    const lost = await eachMessage(eventOf(message(ID)), platform, async () => {
      calls += 1;
      return refuse({ code: 'request.conflict' });
    });
    expect({ lost, calls }).toEqual({ lost: { batchItemFailures: [] }, calls: 3 });
  });
});

describe('the answer of functions/propose', () => {
  it('is taken only in the shape of a result', async () => {
    const request = {
      requester: { kind: 'person', id: personIdOf('local', 'alice'), display: 'alice', owner: null },
      groups: [],
      changes: [{ kind: 'Deployment', namespace: 'shop', name: 'web', operation: { type: 'restart' } }],
      words: { title: 't', reason: 'r' },
    } as const;
    for (const answer of [null, {}, { ok: true }, { ok: true, value: { planId: 7 } }, { errorMessage: 'x' }]) {
      const client = proposeClient('propose', { invoke: async () => answer });
      await expect(client.propose(request)).rejects.toThrow(Unavailable);
    }
    // Nobody at the endpoint is the deployment itself, whatever functions/mcp says.
    expect(clientProposal.safeParse({ type: 'client-proposal', ...request, requester: PLANNER }).success).toBe(false);
    const client = proposeClient('propose', {
      invoke: async () => ({ ok: false, refusal: { code: 'guard.missing', policies: ['p'] } }),
    });
    expect(await client.propose(request)).toEqual({ ok: false, refusal: { code: 'guard.missing', policies: ['p'] } });
  });
});

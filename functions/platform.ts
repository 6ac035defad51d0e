/** What differs between Lambda and one machine: time, randomness, AWS clients and the invocation of another function. */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Randomness } from '@countersign/approvals';
import { type AwsClients, createAwsClients } from '@countersign/aws';
import type * as z from 'zod';

export interface Platform {
  /** The time of plans, challenges, votes, grants, leases and outbox. */
  readonly clock: Clock;
  /** The time of tokens, browser sessions and certificates; on Lambda the same. */
  readonly machineClock: Clock;
  readonly random: Randomness;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly clients: AwsClients;
  /** Synchronous invocation of another function (Lambda Invoke, RequestResponse). Rejects with Unavailable when it does not answer. */
  readonly invoke: (functionName: string, payload: unknown) => Promise<unknown>;
  /** Faults for operators: a code and small facts, never content. */
  readonly log: (fault: { readonly code: string; readonly [fact: string]: unknown }) => void;
}

export const systemRandom: Randomness = { token: (bytes) => randomBytes(bytes).toString('base64url') };

export function lambdaPlatform(): Platform {
  const clients = createAwsClients({ region: process.env.AWS_REGION ?? 'us-east-1' });
  return {
    clock: () => new Date(),
    machineClock: () => new Date(),
    random: systemRandom,
    sleep: async (milliseconds) => {
      await wait(milliseconds);
    },
    clients,
    invoke: async (functionName, payload) => (await import('./lambda-invoke.ts')).lambdaInvoke(functionName, payload),
    log: (fault) => console.error(JSON.stringify(fault)),
  };
}

/** Builds the handler from process.env at the first call and keeps it: a cold start pays for what it uses, a wrong environment says which variable. */
export function onFirstCall<S extends z.ZodType, E, A>(
  schema: S,
  create: (environment: z.output<S>, platform: Platform) => (event: E) => Promise<A>,
): (event: E) => Promise<A> {
  let made: ((event: E) => Promise<A>) | undefined;
  return async (event) => {
    made ??= create(parseEnvironment(schema, process.env), lambdaPlatform());
    return made(event);
  };
}

export class EnvironmentInvalid extends Error {
  override readonly name = 'EnvironmentInvalid';
}

/** Names the variable and what it must be; never prints its value. */
export function parseEnvironment<S extends z.ZodType>(
  schema: S,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw new EnvironmentInvalid(
    `environment: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`,
  );
}

import type { Context } from 'aws-lambda';

/** A function's handler as Lambda calls it. */
type LambdaHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

export type LambdaFunction<Event, Result> = {
  /** Such as 'countersign-grant'. */
  readonly name: string;
  readonly limitMilliseconds: number;
  readonly handler: LambdaHandler<Event, Result>;
};

/** What a function did wrong: it threw, or it was not done in time. */
type InvocationFailure = { readonly kind: 'threw'; readonly problem: unknown } | { readonly kind: 'timed_out' };
export type Invocation<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly failure: InvocationFailure };

/**
 * Calls a handler once, with a real context and the function's time limit.
 *
 * Lambda freezes a function that is over its limit; here it runs on, but its result counts for nothing, as there.
 *
 * @param requestId a fresh id for this call
 */
export async function invoke<Event, Result>(
  lambda: LambdaFunction<Event, Result>,
  event: Event,
  requestId: string,
): Promise<Invocation<Result>> {
  const deadline = performance.now() + lambda.limitMilliseconds;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Invocation<Result>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, failure: { kind: 'timed_out' } }), lambda.limitMilliseconds);
  });
  const run = async (): Promise<Invocation<Result>> => {
    try {
      return { ok: true, result: await lambda.handler(event, contextOf(lambda.name, requestId, deadline)) };
    } catch (problem) {
      return { ok: false, failure: { kind: 'threw', problem } };
    }
  };
  try {
    return await Promise.race([run(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function contextOf(name: string, requestId: string, deadline: number): Context {
  const notHere = () => {
    throw new Error('return a promise: callbacks left Lambda with Node 24');
  };
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: requestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: notHere,
    fail: notHere,
    succeed: notHere,
  };
}

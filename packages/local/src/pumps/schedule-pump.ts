import { randomUUID } from 'node:crypto';
import type { ScheduledEvent } from 'aws-lambda';
import { invoke, type LambdaFunction } from './lambda-handler.ts';
import type { ReportProblem } from './pump-problem.ts';

export type SchedulePump<Result> = {
  /**
   * Runs the handler now and answers its result. While a run is going on, one more starts after it, which all who ask
   * in the meantime share: each of them gets a run that began after the question.
   * @throws what the handler threw, or an Error when it was late or the pump is stopped
   */
  runNow(): Promise<Result>;
  /** Ends the timer and waits for the running handler. */
  stop(): Promise<void>;
};

export type SchedulePumpOptions<Result> = {
  /** The schedule's name in its ARN, such as 'observe'. */
  readonly name: string;
  readonly lambda: LambdaFunction<ScheduledEvent, Result>;
  /** From one start to the next; 0 runs only when asked. A run that takes longer leaves starts out, never overlaps. */
  readonly everySeconds: number;
  readonly now: () => Date;
  readonly report: ReportProblem;
};

/** Calls a function on a schedule with the event of EventBridge Scheduler. The first run is after the first interval. */
export function startSchedulePump<Result>(options: SchedulePumpOptions<Result>): SchedulePump<Result> {
  const { lambda, everySeconds, report } = options;
  let current: Promise<unknown> | undefined;
  let next: Promise<Result> | undefined;
  let stopped = false;

  async function run(): Promise<Result> {
    const invocation = await invoke(lambda, createScheduledEvent(options), randomUUID());
    if (invocation.ok) return invocation.result;
    throw invocation.failure.kind === 'threw'
      ? invocation.failure.problem
      : new Error(`${lambda.name} was not done in time`);
  }

  function begin(): Promise<Result> {
    const started = run();
    const settled = started.then(
      () => {},
      () => {},
    );
    current = settled;
    void settled.then(() => {
      if (current === settled) current = undefined;
    });
    return started;
  }

  function runNow(): Promise<Result> {
    if (stopped) return Promise.reject(new Error(`${options.name} is stopped`));
    if (!current) return begin();
    next ??= current.then(() => {
      next = undefined;
      if (stopped) throw new Error(`${options.name} is stopped`);
      return begin();
    });
    return next;
  }

  const timer =
    everySeconds === 0
      ? undefined
      : setInterval(() => {
          if (current) return;
          runNow().catch((problem: unknown) => report({ pump: lambda.name, kind: 'handler_threw', problem }));
        }, everySeconds * 1000);

  return {
    runNow,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await current;
    },
  };
}

/** The event of EventBridge Scheduler for a target without an input of its own: its `detail` is a string. */
function createScheduledEvent({
  name,
  now,
}: Pick<SchedulePumpOptions<unknown>, 'name' | 'now'>): ScheduledEvent<string> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '000000000000',
    time: now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z'),
    region: 'us-east-1',
    resources: [`arn:aws:scheduler:us-east-1:000000000000:schedule/default/${name}`],
    detail: '{}',
  };
}

/** Lambda Invoke, RequestResponse. The other function's error is never passed on: it may hold what its log holds. */

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Unavailable } from '@countersign/approvals';

let client: LambdaClient | undefined;

export async function lambdaInvoke(functionName: string, payload: unknown): Promise<unknown> {
  client ??= new LambdaClient({});
  try {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(payload), 'utf8') }),
    );
    if (answer.FunctionError !== undefined || answer.Payload === undefined)
      throw new Unavailable(`${functionName} failed`);
    return JSON.parse(Buffer.from(answer.Payload).toString('utf8'));
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    throw new Unavailable(`${functionName} did not answer`, { cause: error });
  }
}

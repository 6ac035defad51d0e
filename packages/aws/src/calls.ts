/**
 * A service as the handful of operations that Countersign uses. Stores and senders see this interface and the SDK's types only, so
 * that a function which never sends a mail never loads the mail client (each costs 40-50 ms of a cold start).
 */
import { translated } from './upstream-error.ts';

/** Operation name -> its input and output. */
type Operations<O> = { readonly [K in keyof O]: readonly [input: unknown, output: unknown] };

export interface AwsCalls<O extends Operations<O>> {
  /**
   * Sends one request. Throws Unavailable, a plain Error for a fault of the request, or, for the error names that the service's
   * file lets through, the SDK's own error for the caller to classify.
   */
  call<K extends keyof O & string>(operation: K, input: O[K][0]): Promise<O[K][1]>;
}

export type Senders<O extends Operations<O>> = { readonly [K in keyof O]: (input: O[K][0]) => Promise<O[K][1]> };

/** `classified`: names of errors that are answers rather than faults (a failed condition, an absent object). */
export function awsCalls<O extends Operations<O>>(
  service: string,
  senders: Senders<O>,
  classified: readonly string[],
): AwsCalls<O> {
  const answers: ReadonlySet<string> = new Set(classified);
  return {
    async call(operation, input) {
      try {
        return await senders[operation](input);
      } catch (error) {
        if (error instanceof Error && answers.has(error.name)) throw error;
        throw translated(service, operation, error);
      }
    },
  };
}

/** Loads on the first call and keeps what it loaded; a failed load is tried again by the next call. */
export function lazyCalls<O extends Operations<O>>(load: () => Promise<AwsCalls<O>>): AwsCalls<O> {
  let loading: Promise<AwsCalls<O>> | undefined;
  return {
    async call(operation, input) {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return (await loading).call(operation, input);
    },
  };
}

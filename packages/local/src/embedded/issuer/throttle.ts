import { THROTTLED_ADDRESSES, WRONG_PASSWORDS_IN_A_ROW, WRONG_PASSWORDS_PAUSE_SECONDS } from './limits.ts';

/** Slows the guessing of passwords: five wrong ones in a row for an address, then a minute in which none is looked at. */
export type SignInThrottle = {
  /** 0 when this address may try now. */
  secondsToWait(email: string): number;
  failed(email: string): void;
  succeeded(email: string): void;
};

/** Counts for addresses that nobody has, too, so that a pause does not tell which ones exist. */
export function createSignInThrottle(now: () => Date): SignInThrottle {
  const failures = new Map<string, { count: number; pausedUntil: number }>();
  const key = (email: string) => email.trim().toLowerCase().slice(0, 320);
  return {
    secondsToWait(email) {
      const until = failures.get(key(email))?.pausedUntil ?? 0;
      return Math.max(0, Math.ceil((until - now().getTime()) / 1000));
    },
    failed(email) {
      const entry = failures.get(key(email)) ?? { count: 0, pausedUntil: 0 };
      const count = entry.count + 1;
      const pause = count >= WRONG_PASSWORDS_IN_A_ROW;
      failures.delete(key(email)); // To the end of the map: the first is the one that was tried longest ago.
      failures.set(key(email), {
        count: pause ? 0 : count,
        pausedUntil: pause ? now().getTime() + WRONG_PASSWORDS_PAUSE_SECONDS * 1000 : 0,
      });
      const oldest = failures.keys().next().value;
      if (failures.size > THROTTLED_ADDRESSES && oldest !== undefined) failures.delete(oldest);
    },
    succeeded(email) {
      failures.delete(key(email));
    },
  };
}

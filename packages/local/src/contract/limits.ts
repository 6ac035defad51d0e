/** The highest pages port: the endpoint takes the port after it. */
export const HIGHEST_PAGES_PORT = 65_534;
export const DEFAULT_PAGES_PORT = 8787;
export const DEFAULT_OBSERVE_EVERY_SECONDS = 30;
export const LONGEST_OBSERVE_EVERY_SECONDS = 86_400;
/** How often a pair of neighbouring free ports is looked for before giving up. */
export const FREE_PORT_PAIR_ATTEMPTS = 50;
/** Where free ports are looked for: above the registered services, below Linux's own outgoing connections. */
export const LOWEST_FREE_PORT = 20_000;
export const HIGHEST_FREE_PORT = 32_000;
export const SMALLEST_SECRET_BYTES = 16;
export const LARGEST_SECRET_BYTES = 1024;
/** One step of the clock: ten years, so that a slip of a digit cannot push dates past what formats hold. */
export const LONGEST_CLOCK_ADVANCE_SECONDS = 315_360_000;

import { defineConfig } from 'vitest/config';

/** Apart from `npm test`, which needs nothing but Node: these tests need a kubectl, and fail without one. */
export default defineConfig({
  test: {
    include: ['test/kubectl/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});

import { defineConfig } from 'vitest/config';

/** The tests of the chart: apart from the others, for they build tools from Go modules first. `make build` comes before. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['tests/**/*.test.ts'],
    globalSetup: ['build-tools.ts'],
    // Says of each skipped test why.
    reporters: ['verbose'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});

import { defineConfig } from 'vitest/config';

/** The chart on a real node: apart from its other tests, for it takes minutes and wants root. `make build` comes before. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['cluster/**/*.test.ts'],
    // Says of each skipped test why.
    reporters: ['verbose'],
    testTimeout: 300_000,
    // Tools and images are built here where the cache has none.
    hookTimeout: 3_600_000,
    fileParallelism: false,
    bail: 0,
  },
});

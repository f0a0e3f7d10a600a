import { defineConfig } from 'vitest/config';

const PIPELINE_TESTS = 'bench/e2e/**/*.test.ts';

export default defineConfig({
  test: {
    // Tests start compiled processes and import other workspaces' dist folders: build first, whoever calls vitest.
    globalSetup: ['vitest.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['**/src/**/*.test.ts'],
          exclude: [PIPELINE_TESTS, '**/node_modules/**', '**/dist/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole rigs, which want the machine for themselves: after the others, and one file after another.
        extends: true,
        test: {
          name: 'pipeline',
          include: [PIPELINE_TESTS],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

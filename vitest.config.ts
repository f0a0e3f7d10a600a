import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/src/**/*.test.ts'],
    // Tests start compiled processes and import other workspaces' dist folders: build first, whoever calls vitest.
    globalSetup: ['vitest.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

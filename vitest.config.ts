import { defineConfig } from 'vitest/config';

/**
 * What `make test` alone runs. Apps as they are deployed, programs that are started, a page in a browser, and whole rigs: they wait for time
 * limits, for locks, for a drain. And inputs drawn at random, by the thousand.
 */
const LONG_TESTS = [
  'apps/*/src/{cases,component}.test.ts',
  '**/src/**/*.{program,fuzz}.test.ts',
  'bench/e2e/**/*.test.ts',
];
/** They replace modules (`vi.mock`), which stays so for the next file of a process. */
const MOCKING_TESTS = 'bench/src/run/**/*.test.ts';
const BUILT = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    // Tests start compiled processes and import other workspaces' dist folders: build first, whoever calls vitest.
    globalSetup: ['vitest.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One more than the cores that the tests are made for: some always wait.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['**/src/**/*.test.ts'],
          exclude: [...LONG_TESTS, MOCKING_TESTS, ...BUILT],
          // A file takes the modules that the one before it loaded: half of the time was loading.
          isolate: false,
          setupFiles: ['vitest.no-mocks.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'mocking', include: [MOCKING_TESTS], sequence: { groupOrder: 0 } },
      },
      {
        // Begun before the parts, as all files that are isolated.
        extends: true,
        test: {
          name: 'long',
          include: LONG_TESTS,
          exclude: BUILT,
          setupFiles: ['vitest.own-temp-dir.ts'],
          sequence: { groupOrder: 0 },
        },
      },
    ],
  },
});

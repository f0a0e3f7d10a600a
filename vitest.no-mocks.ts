import { vi } from 'vitest';

// The files of one process share its modules: one that is replaced would stay so for the next file.
vi.mock = () => {
  throw new Error('vi.mock works only in a folder whose tests are isolated: see MOCKING_TESTS in vitest.config.ts');
};

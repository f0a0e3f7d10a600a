import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { effectiveSpinSettings, spinSetup } from './spin-settings.js';

describe('the settings of Spin', () => {
  it.each([true, false])(
    'reach the process by a runtime configuration and the environment: pooling %s',
    async pooling => {
      const { args, env } = spinSetup({ outboundPooling: pooling, workerThreads: 1, keepResidentBytes: 16_777_216 });
      expect(env).toEqual({ TOKIO_WORKER_THREADS: '1', SPIN_WASMTIME_LINEAR_MEMORY_KEEP_RESIDENT: '16777216' });
      const [flag, file = ''] = args;
      expect(flag).toBe('--runtime-config-file');
      expect(await readFile(file, 'utf8')).toContain(`[outbound_http]\nconnection_pooling = ${pooling}\n`);
    },
  );

  it('leave Spin as it is where there are none', () => {
    expect(spinSetup({})).toEqual({ args: [], env: {} });
  });

  it('that a user’s environment brings are recorded too, but a contender’s own win', () => {
    const env = { TOKIO_WORKER_THREADS: '2', SPIN_WASMTIME_LINEAR_MEMORY_KEEP_RESIDENT: '1024' };
    expect(effectiveSpinSettings({ workerThreads: 1 }, env)).toEqual({ workerThreads: 1, keepResidentBytes: 1024 });
    expect(effectiveSpinSettings({ outboundPooling: false }, {})).toEqual({ outboundPooling: false });
  });
});

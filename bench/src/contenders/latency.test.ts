import { describe, expect, it } from 'vitest';
import { AZURE_LIKE, NO_LATENCY, parseLatency, rigLatency } from './latency.js';

describe('latency', () => {
  it('is a preset, or one value for the queues and one for the blobs', () => {
    expect(parseLatency('none')).toBe(NO_LATENCY);
    expect(parseLatency('azure-like')).toBe(AZURE_LIKE);
    expect(parseLatency('5/10')).toEqual({ name: '5/10', queueMs: 5, blobMs: 10, source: null });
  });

  it.each(['', '5', '5/', '-1/2', 'azure', '5/10/15'])('is refused as %o', text => {
    expect(() => parseLatency(text)).toThrow('none, azure-like or <queue ms>/<blob ms>');
  });

  it('names who measured what azure-like stands for', () => {
    expect(AZURE_LIKE.source).toMatch(/^https:\/\//);
  });

  it('is the rig’s to add, but Azurite takes none', () => {
    expect(rigLatency(AZURE_LIKE, 'local')).toEqual({ queueLatencyMs: 14, blobLatencyMs: 8 });
    expect(() => rigLatency(AZURE_LIKE, 'azurite')).toThrow('--latency 14/0');
    expect(rigLatency(parseLatency('14/0'), 'azurite')).toEqual({ queueLatencyMs: 14, blobLatencyMs: 0 });
  });
});

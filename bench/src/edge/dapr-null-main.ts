/** Runs the stub on 127.0.0.1: `dapr-null-main.js --port <n> --latency-ms <ms> --error-share <0..1>`. */
import { parseArgs } from 'node:util';
import { createDaprNull } from './dapr-null.js';

const { values } = parseArgs({
  options: { port: { type: 'string' }, 'latency-ms': { type: 'string' }, 'error-share': { type: 'string' } },
});
createDaprNull({
  latencyMs: Number(values['latency-ms'] ?? 0),
  errorShare: Number(values['error-share'] ?? 0),
}).listen(Number(values.port), '127.0.0.1');

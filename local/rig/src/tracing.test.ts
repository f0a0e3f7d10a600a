import { expect, test } from 'vitest';
import { daprTracing, tracingFrom } from './tracing.js';

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318';

test('without a collector nothing is traced', () => {
  expect(tracingFrom({ OTEL_TRACES_SAMPLER_ARG: '1' })).toBeNull();
  expect(tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeNull();
});

test('with one every order is, unless a share is given', () => {
  expect(tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT })).toMatchObject({ samplingRate: 1, protocol: 'http' });
  const tracing = tracingFrom({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector:4317',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_SAMPLER_ARG: '0.01',
  });
  expect(tracing && daprTracing(tracing)).toEqual({
    samplingRate: '0.01',
    otel: { endpointAddress: 'collector:4317', isSecure: true, protocol: 'grpc' },
  });
});

test.for([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.1' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG: 'all' }, 'OTEL_TRACES_SAMPLER_ARG'],
] as const)('a variable that is not what it must be is named: %j', ([env, name]) => {
  expect(() => tracingFrom(env)).toThrow(name);
});

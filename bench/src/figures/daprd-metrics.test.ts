import { describe, expect, it } from 'vitest';
import { callsBetween, parseDaprdMetrics, wholeTimes } from './daprd-metrics.js';

/** Recorded from daprd 1.18.0 after 150 orders; histogram buckets and other metrics mostly left out. */
const RECORDED = `# HELP dapr_component_output_binding_latencies The latency of the output binding
# TYPE dapr_component_output_binding_latencies histogram
dapr_component_input_binding_count{app_id="receiver-express",component="q-order-express-in",namespace="",success="true"} 150
dapr_component_input_binding_latencies_sum{app_id="receiver-express",component="q-order-express-in",namespace="",success="true"} 1643.9999999999998
dapr_component_input_binding_latencies_count{app_id="receiver-express",component="q-order-express-in",namespace="",success="true"} 150
dapr_component_output_binding_count{app_id="receiver-express",component="express-outbox",namespace="",operation="create",success="true"} 150
dapr_component_output_binding_latencies_sum{app_id="receiver-express",component="express-outbox",namespace="",operation="create",success="true"} 605.9999999999998
dapr_component_output_binding_latencies_count{app_id="receiver-express",component="express-outbox",namespace="",operation="create",success="true"} 112
dapr_http_client_completed_count{app_id="receiver-express",method="POST",path="",status="200"} 150
dapr_http_client_roundtrip_latency_bucket{app_id="receiver-express",method="POST",path="",status="200",le="1"} 0
dapr_http_client_roundtrip_latency_sum{app_id="receiver-express",method="GET",path="/dapr/config",status="200"} 2
dapr_http_client_roundtrip_latency_count{app_id="receiver-express",method="GET",path="/dapr/config",status="200"} 1
dapr_http_client_roundtrip_latency_sum{app_id="receiver-express",method="POST",path="",status="200"} 1614.0000000000005
dapr_http_client_roundtrip_latency_count{app_id="receiver-express",method="POST",path="",status="200"} 150
dapr_http_healthprobes_roundtrip_latency_sum{app_id="receiver-express",status="200"} 8
dapr_http_healthprobes_roundtrip_latency_count{app_id="receiver-express",status="200"} 81
dapr_http_server_latency_sum{app_id="receiver-express",method="GET",path="",status="204"} 3
dapr_http_server_latency_count{app_id="receiver-express",method="GET",path="",status="204"} 1
dapr_http_server_latency_sum{app_id="receiver-express",method="POST",path="",status="200"} 600.0000000000001
dapr_http_server_latency_count{app_id="receiver-express",method="POST",path="",status="200"} 148
dapr_http_server_latency_sum{app_id="receiver-express",method="POST",path="",status="500"} 28
dapr_http_server_latency_count{app_id="receiver-express",method="POST",path="",status="500"} 2
go_memstats_alloc_bytes 1.2345678e+07
`;

describe('daprd’s metrics', () => {
  const calls = parseDaprdMetrics(RECORDED);

  it('tell the calls to the app, without health probes and questions about its configuration', () => {
    expect(calls.app).toEqual({ count: 150, sumMs: 1614.0000000000005 });
  });

  it('tell the calls to its API whatever the answer was', () => {
    expect(calls.api.count).toBe(150);
    expect(calls.api.sumMs).toBeCloseTo(628);
  });

  it('count output calls of less than a millisecond, which have no duration there', () => {
    expect(calls.output).toEqual({ count: 150, sumMs: 605.9999999999998 });
  });

  it('are zero before the first call', () => {
    const nothing = { count: 0, sumMs: 0 };
    expect(parseDaprdMetrics('# nothing yet\n')).toEqual({ app: nothing, api: nothing, output: nothing });
  });

  it('are taken between two readings, and several daprds together', () => {
    const before = new Map([['a', calls]]);
    const after = new Map(['a', 'b', 'c', 'd'].map(name => [name, calls]));
    const sum = callsBetween(before, after, ['a', 'b', 'c']);
    expect(sum.app.count).toBe(300);
    expect(sum.output.sumMs).toBeCloseTo(1212);
  });
});

describe('the half millisecond that a cut-off time lacks on the average', () => {
  const calls = { app: { count: 10, sumMs: 100 }, api: { count: 20, sumMs: 60 }, output: { count: 20, sumMs: 40 } };

  it.each(['1.15.0', '1.18.0', '1.18.1'])('is added to every time of daprd %s', version => {
    expect(wholeTimes(calls, version)).toEqual({
      app: { count: 10, sumMs: 105 },
      api: { count: 20, sumMs: 70 },
      output: { count: 20, sumMs: 50 },
    });
  });

  it.each(['1.18.2', '1.18.3', '1.19.0'])('is not added to output bindings of daprd %s, which are whole', version => {
    expect(wholeTimes(calls, version)).toEqual({
      app: { count: 10, sumMs: 105 },
      api: { count: 20, sumMs: 70 },
      output: { count: 20, sumMs: 40 },
    });
  });
});

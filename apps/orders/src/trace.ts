/** W3C trace context as a delivery brought it: the headers by which one order is found in every log. */
export interface Trace {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/**
 * Reads the trace context of a delivery; undefined where there is none. One that does not fit the W3C's form counts as
 * none, so that nothing else gets into a log or a message by that way.
 *
 * @param header gives a header's value by its lower-case name
 */
export function readTrace(header: (name: string) => string | null | undefined): Trace | undefined {
  const traceparent = header('traceparent');
  if (!traceparent || !TRACEPARENT.test(traceparent)) return undefined;
  const tracestate = header('tracestate');
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/** Version 00 of https://www.w3.org/TR/trace-context/#traceparent-header: the version, trace id, parent id and flags. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

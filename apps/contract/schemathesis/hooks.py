"""What the client can't send by itself: lines of an import are text."""

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/csv")
def as_text(ctx, value):
    return (value if isinstance(value, str) else str(value)).encode()

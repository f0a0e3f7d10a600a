import type { IncomingHttpHeaders } from 'node:http';

/** The headers that describe a PUT's content, by the names under which a GET sends them back. */
export function readContentHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const content: Record<string, string> = {};
  content['Content-Type'] = String(
    headers['x-ms-blob-content-type'] ?? headers['content-type'] ?? 'application/octet-stream',
  );
  for (const [sent, plain, name] of FURTHER) {
    const value = headers[sent] ?? headers[plain];
    if (value !== undefined) content[name] = String(value);
  }
  return content;
}

const FURTHER = [
  ['x-ms-blob-content-encoding', 'content-encoding', 'Content-Encoding'],
  ['x-ms-blob-content-language', 'content-language', 'Content-Language'],
  ['x-ms-blob-cache-control', 'cache-control', 'Cache-Control'],
  ['x-ms-blob-content-disposition', 'content-disposition', 'Content-Disposition'],
] as const;

/**
 * Whether a request's Host header names this machine. A page in a browser can make its own name resolve to 127.0.0.1 and
 * then read what listens there (DNS rebinding); its requests still carry its name.
 */
export function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(host);
}

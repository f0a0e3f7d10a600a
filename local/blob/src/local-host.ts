/**
 * Whether a request's Host header names this machine. A page in a browser can make its own name resolve to 127.0.0.1 and
 * then read what listens there (DNS rebinding); its requests still carry its name.
 *
 * @param ownName what this machine is called by others, where it is.
 */
export function isLocalHost(host: string | undefined, ownName?: string): boolean {
  const name = host?.replace(/:\d+$/, '').toLowerCase();
  return name !== undefined && ['localhost', '127.0.0.1', ownName?.toLowerCase()].includes(name);
}

/**
 * Keeps clients in this process, and what it starts, from sending calls to this machine through a user's proxy (HTTP_PROXY,
 * HTTPS_PROXY, ALL_PROXY): it could not reach the rig, and would see what is sent. Other addresses keep it.
 */
export function noProxyForLoopback(env: NodeJS.ProcessEnv): void {
  // Both spellings are in use, and clients differ in which they read first.
  const wanted = [env.NO_PROXY, env.no_proxy].flatMap(list => list?.split(',') ?? []).map(host => host.trim());
  const hosts = [...new Set([...wanted.filter(Boolean), ...LOOPBACK])].join(',');
  env.NO_PROXY = hosts;
  env.no_proxy = hosts;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

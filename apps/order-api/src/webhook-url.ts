/** Where webhooks may go. */
export interface WebhookRules {
  /** On the rig, where a partner is a process beside it: http and loopback too. */
  readonly isLocal: boolean;
}

/**
 * Why a partner's URL is not taken; undefined for one that is. What a name leads to is not looked up here: that is for the
 * host's own rules (Spin's allowed_outbound_hosts, a NetworkPolicy), since a name can lead elsewhere a moment later.
 */
export function webhookUrlFault(text: string, { isLocal }: WebhookRules): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'must be an absolute URL';
  }
  if (url.username !== '' || url.password !== '') return 'must hold no user name and no password';
  if (url.hash !== '') return 'must have no fragment';
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (isLocal && url.protocol === 'http:' && LOOPBACK.includes(host)) return undefined;
  if (url.protocol !== 'https:') return 'must begin with https://';
  // URL turns 0x7f.1, 2130706433 and the like into four numbers.
  if (host.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(host)) return 'must name a host, not its address';
  if (!host.includes('.')) return 'must name a host with its domain';
  if (INTERNAL.some(suffix => host.endsWith(suffix))) return 'must name a public host';
  return undefined;
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Names that only an own network knows (RFC 6761, 6762, 8375, RFC 9476), and those of a cluster and of a cloud's metadata. */
const INTERNAL = [
  '.localhost',
  '.local',
  '.internal',
  '.home.arpa',
  '.alt',
  '.test',
  '.invalid',
  '.svc',
  '.cluster.local',
  '.lan',
  '.intranet',
  '.corp',
];

import { describe, expect, it } from 'vitest';
import { webhookUrlFault } from './webhook-url.js';

const fault = (url: string, isLocal = false) => webhookUrlFault(url, { isLocal });

describe('a partner’s URL', () => {
  it.each([
    'https://partner.example/hooks',
    'https://partner.example:8443/hooks?key=1',
    'https://bücher.example/',
    'HTTPS://Partner.Example/',
  ])('%s is taken', url => {
    expect(fault(url)).toBeUndefined();
  });

  it.each([
    'http://partner.example/',
    'ftp://partner.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '/hooks',
    '',
    'https://user:password@partner.example/',
    'https://user@partner.example/',
    'https://partner.example/#x',
    'https://127.0.0.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/metadata/instance',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://localhost/',
    'https://localhost./',
    'https://x.localhost/',
    'https://metadata.google.internal/',
    'https://orders-api.order-bench.svc/',
    'https://orders-api.order-bench.svc.cluster.local./',
    'https://printer.local/',
    'https://intranet/',
    'https://１２７.0.0.1/',
  ])('%s is not', url => {
    expect(fault(url)).toMatch(/^must /);
  });

  it('of a process beside the rig is taken there, and nowhere else', () => {
    for (const url of ['http://127.0.0.1:9000/', 'http://localhost:9000/', 'http://[::1]:9000/']) {
      expect(fault(url, true)).toBeUndefined();
      expect(fault(url)).toBeDefined();
    }
    expect(fault('http://partner.example/', true)).toBeDefined();
    expect(fault('https://10.0.0.1/', true)).toBeDefined();
  });
});

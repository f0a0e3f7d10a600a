import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A certificate and its key, as files. */
export interface Certificate {
  readonly crt: string;
  readonly key: string;
}

/** What a certificate is for. */
export interface CertificateRequest {
  /** Of its two files. */
  readonly name: string;
  /** As openssl writes one: `/O=system:masters/CN=someone`. */
  readonly subject: string;
  readonly usage: 'clientAuth' | 'serverAuth';
  /** Names of a server. */
  readonly hosts?: readonly string[];
}

const DAYS = ['-days', '3650'];
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes an authority in a folder. */
export async function makeAuthority(dir: string, name: string): Promise<Certificate> {
  const made = filesOf(dir, name);
  await openssl('req', '-x509', ...NEW_KEY, '-keyout', made.key, '-out', made.crt, ...DAYS, '-subj', `/CN=${name}`);
  return made;
}

/** Makes a certificate that an authority signs, in a folder. */
export async function makeCertificate(
  dir: string,
  authority: Certificate,
  { name, subject, usage, hosts = [] }: CertificateRequest,
): Promise<Certificate> {
  const made = filesOf(dir, name);
  const request = join(dir, `${name}.csr`);
  const extensions = join(dir, `${name}.ext`);
  const names = hosts.length > 0 ? `subjectAltName=${hosts.map(host => `DNS:${host}`).join(',')}\n` : '';
  await writeFile(extensions, `extendedKeyUsage=${usage}\n${names}`);
  await openssl('req', ...NEW_KEY, '-keyout', made.key, '-out', request, '-subj', subject);
  const signer = ['-CA', authority.crt, '-CAkey', authority.key, '-CAcreateserial'];
  await openssl('x509', '-req', '-in', request, ...signer, ...DAYS, '-out', made.crt, '-extfile', extensions);
  return made;
}

async function openssl(...args: readonly string[]): Promise<void> {
  await execa('openssl', args, { stdin: 'ignore' });
}

function filesOf(dir: string, name: string): Certificate {
  return { crt: join(dir, `${name}.crt`), key: join(dir, `${name}.key`) };
}

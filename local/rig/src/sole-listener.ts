import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readlink, rm, symlink } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { join } from 'node:path';
import { privateTempDir } from './private-temp-dir.js';

/**
 * Listens under a name for as long as no other process of this user does. The hold ends with the server, or with its
 * process, however that goes.
 *
 * A holder is a numbered link to its socket. A link is made after its socket listens, and no socket's name is used twice:
 * what was once found dead stays dead. Number n + 1 is made only by who found n dead, and can be made only once. So when it
 * is there, everyone before it is dead, and of many who find the same dead holder one follows it.
 *
 * @returns false where another process listens; the server does not then.
 */
export async function listenAlone(server: Server, name: string): Promise<boolean> {
  const dir = await privateTempDir();
  for (;;) {
    const last = await lastNumber(dir, name);
    if (await isAlive(linkPath(dir, name, last))) break;
    if (!server.listening) await listen(server, join(dir, `${randomBytes(8).toString('hex')}.sock`));
    if (await follow(server, { dir, name, last })) return true;
  }
  if (server.listening) await new Promise(resolve => server.close(resolve));
  return false;
}

/** The socket of who listens under a name, or listened last: nothing answers there once it is gone. */
export async function soleListener(name: string): Promise<string> {
  const dir = await privateTempDir();
  return linkPath(dir, name, await lastNumber(dir, name));
}

/** Links stay when their holders go, or a number could be made twice: by who looked at its turn and acts after this many. */
const KEPT_LINKS = 1_000;

interface Turn {
  readonly dir: string;
  readonly name: string;
  /** The number that was found dead; 0 where there is none. */
  readonly last: number;
}

/** Makes the next number this server's; false where another process was quicker. */
async function follow(server: Server, { dir, name, last }: Turn): Promise<boolean> {
  try {
    await symlink(String(server.address()), linkPath(dir, name, last + 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  // What a killed holder could not remove.
  if (last > 0) await rm(await readlink(linkPath(dir, name, last)), { force: true });
  await rm(linkPath(dir, name, last + 1 - KEPT_LINKS), { force: true });
  return true;
}

async function lastNumber(dir: string, name: string): Promise<number> {
  const prefix = `${hashOf(name)}.`;
  const links = (await readdir(dir)).filter(file => file.startsWith(prefix));
  return Math.max(0, ...links.map(file => Number(file.slice(prefix.length))));
}

/** Hashed, for a socket's path may be no longer than 104 bytes. */
function linkPath(dir: string, name: string, number: number): string {
  return join(dir, `${hashOf(name)}.${number}`);
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
}

/** Only a refusal, or a socket that is gone, shows that its holder is. */
function isAlive(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(!['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '')),
    );
  });
}

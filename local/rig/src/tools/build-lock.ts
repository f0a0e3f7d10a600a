import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { privateTempDir } from '../private-temp-dir.js';

/**
 * Runs `work` while no other process of this user runs work under the same name; else waits for its turn. The hold is a
 * Unix socket that its holder listens on: the system closes it with the process, so a killed build locks nobody out.
 */
export async function withBuildLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const path = await socketPath(name);
  const waiting = new Set<Socket>();
  let server = await holdOf(path, waiting);
  while (!server) {
    await untilFree(path);
    server = await holdOf(path, waiting);
  }
  try {
    return await work();
  } finally {
    server.close();
    for (const socket of waiting) socket.destroy();
  }
}

/** In the temporary folder, for a socket's name may be no longer than 104 bytes. */
async function socketPath(name: string): Promise<string> {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return join(await privateTempDir(), `build-${hash}.sock`);
}

/** The hold, or undefined while another has it. */
async function holdOf(path: string, waiting: Set<Socket>): Promise<Server | undefined> {
  const server = createServer(socket => {
    waiting.add(socket);
    // A waiting process that was killed is no matter of the build's.
    socket.on('error', () => socket.destroy());
  });
  try {
    server.listen(path);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** Returns when the holder has let go or died; removes the socket of one that was killed. */
async function untilFree(path: string): Promise<void> {
  const socket = connect(path);
  const failed = await new Promise<NodeJS.ErrnoException | undefined>(resolve => {
    socket.once('error', resolve);
    socket.once('close', () => resolve(undefined));
    socket.resume();
  });
  if (failed?.code === 'ECONNREFUSED') await rm(path, { force: true });
}

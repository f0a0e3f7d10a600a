import { connect, createServer, type Socket } from 'node:net';
import { listenAlone, soleListener } from '../sole-listener.js';

/**
 * Runs `work` while no other process of this user runs work under the same name; else waits for its turn. The hold is a
 * Unix socket that its holder listens on: the system closes it with the process, so a killed build locks nobody out.
 */
export async function withBuildLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const held = `build ${name}`;
  const waiting = new Set<Socket>();
  const server = createServer(socket => {
    waiting.add(socket);
    // A waiting process that was killed is no matter of the build's.
    socket.on('error', () => socket.destroy());
  });
  while (!(await listenAlone(server, held))) await untilGone(await soleListener(held));
  try {
    return await work();
  } finally {
    server.close();
    for (const socket of waiting) socket.destroy();
  }
}

/** Returns when the holder has let go or died. */
async function untilGone(path: string): Promise<void> {
  const socket = connect(path);
  // It is gone either way; an error closes the socket.
  socket.on('error', () => socket.destroy());
  socket.resume();
  await new Promise(resolve => socket.once('close', resolve));
}

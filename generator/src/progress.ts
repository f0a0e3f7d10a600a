import { SingleBar } from 'cli-progress';

/** Shows how far something with a known end has come. */
export interface Progress {
  update(done: number): void;
  stop(): void;
}

/** A bar on standard error where that is a terminal (and TERM is not dumb); elsewhere a line for each tenth, which suits a log. */
export function startProgress({ what, total }: { what: string; total: number }): Progress {
  return process.stderr.isTTY && process.env.TERM !== 'dumb' ? startBar(what, total) : startLines(what, total);
}

function startBar(what: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${what} {bar} {value} of {total}, {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { update: done => bar.update(done), stop: () => bar.stop() };
}

function startLines(what: string, total: number): Progress {
  let shownTenths = 0;
  return {
    update: done => {
      const tenths = Math.floor((done * 10) / total);
      if (tenths === shownTenths) return;
      shownTenths = tenths;
      process.stderr.write(`${what}: ${done} of ${total}\n`);
    },
    stop: () => {},
  };
}

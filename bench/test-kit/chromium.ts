import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const executablePath = findChromium();

/** Whether there is a browser for tests. */
export const hasChromium = executablePath !== undefined;

/** Goes behind a title: why its tests are skipped, where they are. */
export const chromiumReason = hasChromium ? '' : ' (skipped: no Chromium; install one, or name it in CHROMIUM)';

/** Starts the browser of the tests, headless. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? '',
    // Chromium has no sandbox for root, as which containers run.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** What CHROMIUM names, else one on the PATH or among the applications of a Mac. */
function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...folders.flatMap(folder => NAMES.map(name => join(folder, name))), ...MAC_APPS].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// A checkout is held through a socket in the temporary folder. With one of their own, the rigs of a file, which is a process
// of its own, hold the checkout beside those of another.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'e2e-'));

afterAll(() => rm(process.env.TMPDIR ?? '', { recursive: true, force: true }));

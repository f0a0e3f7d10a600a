import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A checkout is held through a socket in the temporary folder. With one of their own, the rigs of a file, which is a process
// of its own, hold the checkout beside those of another. It stays: a test that fails names logs in it.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'e2e-'));

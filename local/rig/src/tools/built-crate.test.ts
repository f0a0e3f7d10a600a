import { expect, test } from 'vitest';
import { mustHaveTarget } from './built-crate.js';
import { ToolMissing } from './tool.js';

test('a target that Rust is not installed for is told with the command that installs it', async () => {
  const missing = mustHaveTarget('pdp11-unknown-none');
  await expect(missing).rejects.toThrow(ToolMissing);
  await expect(missing).rejects.toThrow('rustup target add pdp11-unknown-none');
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { expect, test } from 'vitest';

test('the devcontainer has the versions of Node.js, Go and Rust that the project asks for, and sets itself up', async () => {
  const { image, features, postCreateCommand } = JSON.parse(
    await read('.devcontainer/devcontainer.json'),
  ) as Devcontainer;
  const { engines } = JSON.parse(await read('package.json')) as { readonly engines: { readonly node: string } };
  expect(engines.node).toBe(`>=${/javascript-node:1-(\d+)-/.exec(image)?.[1]}`);
  const version = (feature: string) => Object.entries(features).find(([name]) => name.includes(feature))?.[1];
  const go = /^go (\d+\.\d+)/m.exec(await read('local/daprd/go.mod'))?.[1];
  expect(version('/go:')).toEqual({ version: go });
  const rust = /^rust-version = "(.+)"$/m.exec(await read('apps/Cargo.toml'))?.[1];
  const target = /WASM_TARGET = '(.+)'/.exec(await read('local/rig/src/tools/built-crate.ts'))?.[1];
  expect(version('/rust:')).toMatchObject({ version: rust, targets: target });
  const [, goal = ''] = /^make (\S+)$/.exec(postCreateCommand) ?? [];
  expect(await read('Makefile')).toMatch(new RegExp(`^${goal}:`, 'm'));
});

interface Devcontainer {
  readonly image: string;
  readonly features: Readonly<Record<string, unknown>>;
  readonly postCreateCommand: string;
}

function read(file: string): Promise<string> {
  return readFile(join(checkoutDir, file), 'utf8');
}

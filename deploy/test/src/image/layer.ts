import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir } from '@order-bench/rig';
import { execa } from 'execa';

/** One layer of an image: a tar file in the user's cache folder. */
export interface Layer {
  readonly file: string;
  /** `sha256:` and its digits, of the file. */
  readonly digest: string;
  readonly sizeBytes: number;
}

/**
 * The layer of that key: from the user's cache folder, else of the files that `fill` puts into the folder it is given. They
 * all belong to root and have no time, so that the same files give the same layer.
 *
 * @param key tells one content from every other, and is fit for a file's name.
 */
export async function cachedLayer(key: string, fill: (root: string) => Promise<void>): Promise<Layer> {
  const layers = join(cacheDir(), 'layers');
  const record = join(layers, `${key}.json`);
  const known = await readFile(record, 'utf8').then(
    text => JSON.parse(text) as Layer,
    () => undefined,
  );
  if (known && (await isThere(known))) return known;
  await mkdir(layers, { recursive: true });
  const root = await mkdtemp(join(tmpdir(), 'image-'));
  const tar = join(layers, `${key}.${process.pid}`);
  try {
    await fill(root);
    const owner = ['--sort=name', '--mtime=@0', '--numeric-owner', '--owner=0', '--group=0'];
    await execa('tar', [...owner, '--mode=u+rwX,go+rX,go-w', '-C', root, '-cf', tar, '.']);
    const layer = { file: join(layers, `${key}.tar`), digest: await digestOf(tar), sizeBytes: (await stat(tar)).size };
    await rename(tar, layer.file);
    // Last: what it tells of is whole.
    await writeFile(record, JSON.stringify(layer));
    return layer;
  } finally {
    await rm(tar, { force: true });
    await rm(root, { recursive: true, force: true });
  }
}

async function isThere({ file, sizeBytes }: Layer): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size === sizeBytes,
    () => false,
  );
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Layer } from './layer.js';

/** What a container of an image is started with, as the OCI image specification names it. */
export interface ImageConfig {
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly Cmd?: readonly string[];
  readonly ExposedPorts?: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly StopSignal?: string;
}

/** An image, for this machine's processor. */
export interface Image {
  /** With its tag. */
  readonly name: string;
  readonly config: ImageConfig;
  /** The lowest first. */
  readonly layers: readonly Layer[];
}

/** An image in a file that `ctr images import` takes. */
export interface Archive {
  readonly image: string;
  readonly file: string;
  /** Of the image's manifest, as a registry would tell it. */
  readonly digest: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Writes an image to a file: an OCI image layout (`image-layout.md` of the specification, 1.0.0) as a tar. */
export async function writeArchive({ name, config, layers }: Image, file: string): Promise<Archive> {
  const dir = await mkdtemp(`${dirname(layers[0]?.file ?? file)}/archive-`);
  try {
    await mkdir(join(dir, 'blobs', 'sha256'), { recursive: true });
    const put = async (content: unknown) => {
      const bytes = Buffer.from(JSON.stringify(content));
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      await writeFile(blobFile(dir, digest), bytes);
      return { digest, size: bytes.length };
    };
    // Links, for the layers are large; soft ones, for a hard one changes a file that another archive's tar may be reading.
    for (const layer of layers) await symlink(layer.file, blobFile(dir, layer.digest));
    const configBlob = await put({
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    });
    const manifest = await put({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...configBlob },
      layers: layers.map(({ digest, sizeBytes }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        digest,
        size: sizeBytes,
      })),
    });
    const entry = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      ...manifest,
      annotations: { 'io.containerd.image.name': name },
    };
    await writeFile(join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    await writeFile(
      join(dir, 'index.json'),
      JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [entry] }),
    );
    await execa('tar', ['--dereference', '-C', dir, '-cf', file, 'oci-layout', 'index.json', 'blobs']);
    return { image: name, file, digest: manifest.digest };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function blobFile(dir: string, digest: string): string {
  return join(dir, 'blobs', 'sha256', digest.replace('sha256:', ''));
}

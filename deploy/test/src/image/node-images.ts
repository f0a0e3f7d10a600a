import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDir, checkoutDir, contentHash, executablesNamed, standIn } from '@order-bench/rig';
import { execa } from 'execa';
import { DNS_IMAGE } from '../node/dns.js';
import { azureAuthority } from '../node/stand-ins.js';
import { coreDns, daprControlPlane, keda } from '../tools.js';
import { type Archive, type Image, writeArchive } from './archive.js';
import { imageFromDockerfile } from './dockerfile.js';
import { cachedLayer, type Layer } from './layer.js';
import { copyProgram } from './program-files.js';

/** The tag of every image of this checkout in the node, which knows each by its digest too. */
export const TAG = 'checkout';

/** The pods' own container. */
export const PAUSE_IMAGE = 'localhost/pause:1';

/** Writes an image to a file in the user's cache folder, which the same image finds there again. */
export async function archived(image: Image): Promise<Archive> {
  const dir = join(cacheDir(), 'layers');
  await mkdir(dir, { recursive: true });
  return writeArchive(image, join(dir, `${image.name.replaceAll(/[/:]/g, '-')}.tar`));
}

/** A contender that is a Node program, as deploy/images/node.Dockerfile makes it. */
export function nodeAppImage(app: string): Promise<Image> {
  return imageFromDockerfile({
    name: `localhost/order-bench/${app}:${TAG}`,
    file: 'deploy/images/node.Dockerfile',
    args: { APP: app },
    base: nodeBase,
  });
}

/** Broker and blob server, as deploy/images/stand-in.Dockerfile makes them. */
export async function queueAndBlobImages(): Promise<Image[]> {
  const image = (name: string) =>
    imageFromDockerfile({
      name: `localhost/order-bench/${name}:${TAG}`,
      file: 'deploy/images/stand-in.Dockerfile',
      args: { STAND_IN: name },
      base: nodeBase,
    });
  // One after the other: they share layers.
  return [await image('broker'), await image('blob')];
}

/** KEDA's two programs, by the names of the release `version`. */
export async function kedaImages(version: string): Promise<Image[]> {
  const { operator, adapter } = await keda();
  const base = await staticBase();
  const image = async (name: string, program: string, to: string): Promise<Image> => ({
    name: `localhost/kedacore/${name}:${version}`,
    config: { User: '1000:1000' },
    layers: [
      ...base.layers,
      await cachedLayer(`${name}-${await contentHash([program])}`, root => copyProgram(root, program, to)),
    ],
  });
  return [await image('keda', operator, '/keda'), await image('keda-metrics-apiserver', adapter, '/keda-adapter')];
}

/** daprd, as deploy/images/daprd.Dockerfile makes it, named as the release `version` beside its control plane. */
export function daprdImage(version: string): Promise<Image> {
  return imageFromDockerfile({
    name: `localhost/dapr/daprd:${version}`,
    file: 'deploy/images/daprd.Dockerfile',
    args: { TARGETARCH: process.arch === 'x64' ? 'amd64' : process.arch },
    base: staticBase,
  });
}

/** Dapr's control plane, an image a program as Dapr's own chart names them, by the names of the release `version`. */
export async function daprControlPlaneImages(version: string): Promise<Image[]> {
  const program = await daprControlPlane();
  const names = ['operator', 'sentry', 'injector'];
  const layer = await cachedLayer(`dapr-${await contentHash([program])}`, async root => {
    await copyProgram(root, program, '/dapr');
    for (const name of names) await symlink('dapr', join(root, name));
  });
  const base = await staticBase();
  return names.map(name => ({
    name: `localhost/dapr/${name}:${version}`,
    config: { User: '65532:65532' },
    layers: [...base.layers, layer],
  }));
}

/** The cluster's DNS. */
export async function coreDnsImage(): Promise<Image> {
  const program = await coreDns();
  const layer = await cachedLayer(`coredns-${await contentHash([program])}`, root =>
    copyProgram(root, program, '/coredns'),
  );
  return { name: DNS_IMAGE, config: {}, layers: [layer] };
}

/** The Spin app, and beside it the stand-in host that node/spin-runc starts; its components are compiled ahead. */
export async function spinStandInImage(): Promise<Image> {
  const { path } = await standIn();
  const app = join(checkoutDir, 'apps', 'spin');
  const sources = [app, join(checkoutDir, 'apps', 'orders'), join(checkoutDir, 'package-lock.json'), path];
  const layer = await cachedLayer(`spin-${await contentHash(sources)}`, async root => {
    await execa('npm', ['run', '--silent', 'build', '--workspace', 'apps/spin'], { cwd: checkoutDir, stdin: 'ignore' });
    await copyProgram(root, path, '/spin-host');
    await mkdir(join(root, 'app', 'dist'), { recursive: true });
    await copyFile(join(app, 'spin.toml'), join(root, 'app', 'spin.toml'));
    const components = (await readdir(join(app, 'dist'))).filter(file => file.endsWith('.wasm'));
    for (const file of components) await copyFile(join(app, 'dist', file), join(root, 'app', 'dist', file));
    await execa(path, ['compile', '--from', join(root, 'app', 'spin.toml'), '--cache', join(root, 'cache')]);
    await writeUsers(root);
  });
  return { name: `localhost/order-bench/spin:${TAG}`, config: {}, layers: [layer] };
}

/** Programs of this machine under the names of images that a registry would have: the pods' own container, curl and a shell. */
export async function toolImages(names: readonly string[]): Promise<Image[]> {
  const layer = await programsLayer(['sh', 'sleep', 'curl', 'date', 'grep', 'find', 'cat', 'true']);
  const image = (name: string, command: readonly string[]) => ({
    name,
    config: { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: command, User: '65532:65532' },
    layers: [layer],
  });
  return [image(PAUSE_IMAGE, ['sleep', 'infinity']), ...names.map(name => image(name, ['sh']))];
}

/** What the Node apps' Dockerfile starts from: here the pinned Node that the contenders run on, with its libraries. */
async function nodeBase(): Promise<Pick<Image, 'layers' | 'config'>> {
  const node = join(checkoutDir, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  const layer = await cachedLayer(`node-${await contentHash([node])}`, async root => {
    await copyProgram(root, node, '/usr/local/bin/node');
    await writeUsers(root);
  });
  return { layers: [layer], config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin'] } };
}

/** What a static program needs beside itself: whom to trust. Here it is the authority of the node's own Azure. */
async function staticBase(): Promise<Pick<Image, 'layers' | 'config'>> {
  const { crt } = await azureAuthority();
  const layer = await cachedLayer(`static-${await contentHash([crt])}`, async root => {
    const bundle = join(root, 'etc', 'ssl', 'certs', 'ca-certificates.crt');
    await mkdir(dirname(bundle), { recursive: true });
    await copyFile(crt, bundle);
    await writeUsers(root);
  });
  return { layers: [layer], config: {} };
}

async function programsLayer(names: readonly string[]): Promise<Layer> {
  const paths = await Promise.all(
    names.map(async name => {
      const [path] = await executablesNamed(name);
      if (path === undefined) throw new Error(`${name} is not on the PATH: the node's pods need it`);
      return path;
    }),
  );
  return cachedLayer(`programs-${await contentHash(paths, names)}`, async root => {
    for (const [index, path] of paths.entries()) await copyProgram(root, path, `/usr/bin/${names[index]}`);
    await writeUsers(root);
  });
}

async function writeUsers(root: string): Promise<void> {
  await mkdir(join(root, 'tmp'), { recursive: true });
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n');
}

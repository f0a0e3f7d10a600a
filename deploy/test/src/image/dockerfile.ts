import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, posix, relative } from 'node:path';
import { checkoutDir, contentHash } from '@order-bench/rig';
import { execa } from 'execa';
import type { Image, ImageConfig } from './archive.js';
import { ignoredBy } from './dockerignore.js';
import { cachedLayer, type Layer } from './layer.js';
import { copyFolder } from './program-files.js';

/** A Dockerfile of this checkout, and what stands in for what only an engine has. */
export interface DockerfileBuild {
  /** Name of the image, with its tag. */
  readonly name: string;
  /** Path inside the checkout; `<file>.dockerignore` lies beside it. */
  readonly file: string;
  readonly args: Readonly<Record<string, string>>;
  /** Layers and environment of the image that the last stage is made from. */
  readonly base: (image: string) => Promise<Pick<Image, 'layers' | 'config'>>;
}

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  readonly text: string;
}

/** A stage: instructions from one FROM to the next. */
export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/**
 * The image that a Dockerfile describes, made without a container engine: COPY copies between folders, RUN runs in this
 * machine's own environment, in the folder that stands for the stage's root. That is what the engine does for Dockerfiles
 * whose RUN stays inside its WORKDIR and whose last stage has none.
 *
 * @throws Error for an instruction that is not among those, or a RUN that fails.
 */
export async function imageFromDockerfile(build: DockerfileBuild): Promise<Image> {
  const stages = stagesOf(await readFile(join(checkoutDir, build.file), 'utf8'));
  const last = stages.at(-1);
  if (!last) throw new Error(`${build.file} has no FROM`);
  const { layers, config } = await build.base(last.image);
  const layer = await cachedLayer(await keyOf(build, stages), root => fillLastStage(build, stages, root));
  return {
    name: build.name,
    layers: [...layers, layer],
    config: configOf(last, { args: build.args, base: config, file: build.file }),
  };
}

/** The stages of a Dockerfile's text, comments and continued lines resolved. */
export function stagesOf(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter(line => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    const keyword = word.toUpperCase();
    if (keyword === 'FROM') {
      const [, image = '', name] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/i.exec(rest) ?? [];
      stages.push({ image, name, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (!stage) throw new Error(`a Dockerfile begins with FROM, not with ${line}`);
      stage.instructions.push({ keyword, text: rest });
    }
  }
  return stages;
}

/** What a stage copies from the checkout. */
export function sourcesOf(stage: Stage): string[] {
  return stage.instructions
    .filter(({ keyword, text }) => keyword === 'COPY' && !text.startsWith('--from='))
    .flatMap(({ text }) => text.split(' ').slice(0, -1));
}

/** Tells the image of these stages from every other. */
async function keyOf({ file, args }: DockerfileBuild, stages: readonly Stage[]): Promise<string> {
  const sources = [...new Set(stages.flatMap(sourcesOf))].map(source => join(checkoutDir, source));
  const hash = await contentHash(
    [join(checkoutDir, file), join(checkoutDir, `${file}.dockerignore`), ...sources],
    [JSON.stringify(args), process.arch, ...stages.map(({ name = '' }) => name)],
  );
  return `${basename(file).replaceAll('.', '-')}-${hash}`;
}

/** Whether a stage is made once for every image of the Dockerfile, as an engine's cache has it: it takes no argument, and nothing of another. */
function isSameForAll({ name, instructions }: Stage): boolean {
  const takesMore = instructions.some(({ keyword, text }) => keyword === 'ARG' || text.startsWith('--from='));
  return name !== undefined && !takesMore;
}

async function unpack({ file }: Layer, root: string): Promise<void> {
  await mkdir(root);
  await execa('tar', ['-C', root, '-xf', file]);
}

async function fillLastStage(build: DockerfileBuild, stages: readonly Stage[], root: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'dockerfile-'));
  const isIgnored = await ignoredBy(build.file);
  try {
    const roots = new Map<string, string>();
    for (const [index, stage] of stages.entries()) {
      const own = stage === stages.at(-1) ? root : join(work, `${index}`);
      if (stage.name !== undefined) roots.set(stage.name, own);
      const run = (into: string) => runStage({ build, stage, root: into, roots, isIgnored });
      if (isSameForAll(stage)) await unpack(await cachedLayer(await keyOf({ ...build, args: {} }, [stage]), run), own);
      else await run(own);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface StageRun {
  readonly build: DockerfileBuild;
  readonly stage: Stage;
  readonly root: string;
  readonly roots: ReadonlyMap<string, string>;
  /** Of paths inside the checkout. */
  readonly isIgnored: (path: string) => boolean;
}

async function runStage({ build, stage, root, roots, isIgnored }: StageRun): Promise<void> {
  const { file } = build;
  const env: Record<string, string> = {};
  let workDir = '/';
  await mkdir(root, { recursive: true });
  const inside = (path: string) => join(root, posix.resolve(workDir, path));
  for (const { keyword, text } of stage.instructions) {
    if (keyword === 'ARG') env[text] = build.args[text] ?? '';
    else if (keyword === 'ENV') Object.assign(env, pairsOf(text));
    else if (keyword === 'WORKDIR') {
      workDir = posix.resolve(workDir, filledIn(text, env));
      await mkdir(inside('.'), { recursive: true });
    } else if (keyword === 'COPY') await copy({ file, text: filledIn(text, env), inside, roots, isIgnored });
    else if (keyword === 'RUN') {
      const done = await execa('sh', ['-c', text], {
        cwd: inside('.'),
        // What npm has on this machine it need not ask for.
        env: { ...env, npm_config_prefer_offline: 'true' },
        reject: false,
        all: true,
        stdin: 'ignore',
      });
      if (done.failed) throw new Error(`RUN ${text} of ${file} failed: ${done.all}`);
    } else if (!OF_THE_CONFIG.has(keyword)) throw new Error(`${file}: nothing here knows the instruction ${keyword}`);
  }
}

const OF_THE_CONFIG = new Set(['USER', 'EXPOSE', 'CMD', 'STOPSIGNAL']);
interface Copy {
  readonly file: string;
  readonly text: string;
  readonly inside: (path: string) => string;
  readonly roots: ReadonlyMap<string, string>;
  readonly isIgnored: (path: string) => boolean;
}

async function copy({ file, text, inside, roots, isIgnored }: Copy): Promise<void> {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
  const stage = from === undefined ? undefined : roots.get(from);
  if (from !== undefined && stage === undefined) throw new Error(`${file}: no stage is called ${from}`);
  const words = paths.split(' ');
  const to = words.at(-1) ?? '';
  for (const source of words.slice(0, -1)) {
    const path = join(stage ?? checkoutDir, source);
    const isFolder = (await stat(path)).isDirectory();
    // Of a folder its content, of a file itself, which a name that ends in / takes in.
    const target = !isFolder && /(^\.|\/)$/.test(to) ? inside(posix.join(to, basename(source))) : inside(to);
    await copyFolder(path, target, each => stage !== undefined || !isIgnored(relative(checkoutDir, each)));
  }
}

interface ConfigSource {
  readonly args: Readonly<Record<string, string>>;
  readonly base: ImageConfig;
  readonly file: string;
}

function configOf(stage: Stage, { args, base, file }: ConfigSource): ImageConfig {
  const all = (keyword: string) => stage.instructions.filter(each => each.keyword === keyword).map(({ text }) => text);
  if (all('RUN').length > 0) throw new Error(`${file} has a RUN in its last stage, which needs its base image`);
  const one = (keyword: string) => all(keyword).at(-1);
  const [workDir, user, command, signal] = ['WORKDIR', 'USER', 'CMD', 'STOPSIGNAL'].map(one);
  const ports = all('EXPOSE').map(port => [`${port}/tcp`, {}] as const);
  const env = all('ENV').flatMap(text => Object.entries(pairsOf(text)).map(([name, value]) => `${name}=${value}`));
  return {
    ...base,
    Env: [...(base.Env ?? []), ...env],
    ...(workDir !== undefined && { WorkingDir: filledIn(workDir, args) }),
    ...(user !== undefined && { User: user }),
    ...(command !== undefined && { Cmd: JSON.parse(command) as string[] }),
    ...(ports.length > 0 && { ExposedPorts: Object.fromEntries(ports) }),
    ...(signal !== undefined && { StopSignal: signal }),
  };
}

/** `NAME=value` and more of them, some in quotes. */
function pairsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))/g)];
  return Object.fromEntries(pairs.map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']));
}

function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => values[name] ?? '');
}

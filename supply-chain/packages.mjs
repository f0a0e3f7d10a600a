/** What this project is built from: the packages of its lockfiles, each `{ name, version, purl, licence }`. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const outputLimitBytes = 256 * 1024 * 1024;

/** The npm packages of package-lock.json, without the workspaces; each version once. */
export function npmPackages() {
  return lockedPackages('.');
}

/** The npm packages that apps/spin-current is built with, which only who builds that installs. */
export function spinCurrentPackages() {
  return lockedPackages('apps/spin-current');
}

function lockedPackages(folder) {
  const lock = JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8'));
  const found = Object.entries(lock.packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, { name = path.split('node_modules/').at(-1), version, license }]) => ({
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      licence: license,
    }));
  return unique(found);
}

/** The Go modules that daprd is linked from; their licences are recognised in the texts that they come with. */
export function goModules() {
  const json = run('go', ['list', '-deps', '-json=Module', './...'], 'local/daprd');
  // One object after another: a list but for the commas and brackets.
  const modules = JSON.parse(`[${json.replaceAll('}\n{', '},{')}]`)
    .map(({ Module }) => Module)
    .filter(module => module && !module.Main)
    .map(({ Replace, ...module }) => ({ ...module, ...Replace }))
    .map(({ Path, Version, Dir }) => ({ name: Path, version: Version, purl: `pkg:golang/${Path}@${Version}`, Dir }));
  return unique(modules).map(({ Dir, ...module }) => ({ ...module, licence: licenceIn(Dir) }));
}

/** The crates of a folder's Cargo.lock, but for its own. */
export function rustCrates(folder) {
  const metadata = run('cargo', ['metadata', '--locked', '--format-version', '1'], folder);
  const crates = JSON.parse(metadata)
    .packages.filter(({ source }) => source !== null)
    .map(({ name, version, license }) => ({ name, version, purl: `pkg:cargo/${name}@${version}`, licence: license }));
  return unique(crates);
}

/** The standard out of a program run in a folder of the repository. */
export function run(program, args, folder = '.') {
  try {
    return execFileSync(program, args, {
      cwd: join(root, folder),
      encoding: 'utf8',
      maxBuffer: outputLimitBytes,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (cause) {
    if (cause.code === 'ENOENT')
      throw new Error(`${program} is missing: install it ('make doctor' says how)`, { cause });
    throw new Error(`'${program} ${args.join(' ')}' failed in ${folder}: ${cause.stderr || cause.message}`, { cause });
  }
}

/** The licence whose text lies in a module's folder; undefined where it is none of those that we know. */
function licenceIn(dir) {
  const file = readdirSync(dir).find(name => /^(licen[cs]e|copying)(\.\w+)?$/i.test(name));
  if (file === undefined) return undefined;
  const text = readFileSync(join(dir, file), 'utf8').replace(/\s+/g, ' ');
  return marks.find(([, mark]) => mark.test(text))?.[0];
}

const marks = [
  ['Apache-2.0', /Apache License,? Version 2\.0/i],
  ['MPL-2.0', /Mozilla Public License,? (v(ersion)?\.? ?)?2\.0/i],
  ['MIT', /Permission is hereby granted, free of charge, to any person/i],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software for any purpose/i],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms.*(Neither the name|may not be used to endorse)/i],
  ['BSD-2-Clause', /Redistribution and use in source and binary forms/i],
];

function unique(packages) {
  const byPurl = new Map(packages.map(each => [each.purl, each]));
  return [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

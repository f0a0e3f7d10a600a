/**
 * Prints every licence of what this project is built from, with how many packages have it; exits 1 where a package has
 * none that is accepted.
 *
 *   node supply-chain/licences.mjs
 */
import { pathToFileURL } from 'node:url';
import { goModules, npmPackages, rustCrates, spinCurrentPackages } from './packages.mjs';

/** SPDX names of the licences under which this project may use a package. None asks anything of who only runs it. */
const accepted = new Set(
  [
    '0BSD',
    'Apache-2.0',
    'Apache-2.0 WITH LLVM-exception',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC0-1.0',
    'ISC',
    'LicenseRef-None-But-Part-Of-Dapr',
    'LicenseRef-Public-Domain',
    'MIT',
    'MIT-0',
    'MPL-2.0',
    'MPL-2.0+',
    'Python-2.0',
    'Unicode-3.0',
    'Unlicense',
    'Zlib',
  ].map(name => name.toLowerCase()),
);

/** What packages say elsewhere than where they ought to; looked up by hand. */
const lookedUp = [
  // Builds for other systems, of which the lockfile keeps no licence: that of the package that they belong to.
  [/^pkg:npm\/%40biomejs\/cli-/, 'MIT OR Apache-2.0'],
  [/^pkg:npm\/%40rollup\/rollup-/, 'MIT'],
  // Its LICENSE file.
  [/^pkg:npm\/%40bytecodealliance\/componentize-js@/, 'Apache-2.0 WITH LLVM-exception'],
  // Its README: public domain.
  [/^pkg:npm\/uri-templates@0\.2\.0$/, 'LicenseRef-Public-Domain'],
  // It has none. Dapr links it into every daprd; ours is built on its user's machine and given to nobody.
  [/^pkg:golang\/github\.com\/aavaz-ai\/pii-scrubber@/, 'LicenseRef-None-But-Part-Of-Dapr'],
];

// `acron` (MIT), among what builds apps/spin-current, is named there by a slip for `acorn`: nothing imports it.

/** The licence of a package: what was looked up, else what the package says; undefined where nobody says. */
export function licenceOf({ purl, licence }) {
  return lookedUp.find(([pattern]) => pattern.test(purl))?.[1] ?? licence;
}

/** Whether a licence expression (SPDX; `/` for OR, as old crates have it) leaves a choice that is accepted. */
export function isAccepted(expression) {
  if (!expression) return false;
  const tokens = expression.replaceAll('/', ' OR ').match(/\(|\)|[^\s()]+/g) ?? [];
  const next = () => tokens.shift();
  const upTo = (end, combine, part) => {
    let value = part();
    while (tokens[0]?.toUpperCase() === end) {
      next();
      value = combine(part(), value);
    }
    return value;
  };
  const either = () => upTo('OR', (a, b) => a || b, both);
  const both = () => upTo('AND', (a, b) => a && b, one);
  const one = () => {
    if (tokens[0] === '(') {
      next();
      const value = either();
      return next() === ')' && value;
    }
    const name = next();
    const exception = tokens[0]?.toUpperCase() === 'WITH' ? ` ${next()} ${next()}` : '';
    return accepted.has(`${name}${exception}`.toLowerCase());
  };
  return either() && tokens.length === 0;
}

/** Lines that list the licences of packages, and those packages whose licence is not accepted. */
export function survey(packages) {
  const counts = new Map();
  for (const each of packages) {
    const licence = licenceOf(each) ?? 'none';
    counts.set(licence, (counts.get(licence) ?? 0) + 1);
  }
  const lines = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([licence, count]) => `${String(count).padStart(6)}  ${licence}`);
  return { lines, refused: packages.filter(each => !isAccepted(licenceOf(each))) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sources = {
    npm: npmPackages,
    'npm, to build apps/spin-current': spinCurrentPackages,
    'Go modules of daprd': goModules,
    'Rust crates of spin-host': () => rustCrates('local/spin-host'),
    'Rust crates of the contenders': () => rustCrates('apps'),
  };
  for (const [title, read] of Object.entries(sources)) {
    const { lines, refused } = survey(read());
    console.log(`${title}\n${lines.join('\n')}`);
    for (const each of refused) {
      console.error(
        `error: ${each.purl} has the licence '${licenceOf(each) ?? 'none'}', which is not accepted: replace it, or add to supply-chain/licences.mjs what you found out about it`,
      );
      process.exitCode = 1;
    }
  }
}

/** Stand-ins for az, helm, kubectl and the like, which record how they are called and answer as a test says. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const deploy = dirname(fileURLToPath(import.meta.url));

/** What the scripts may use of a plain machine; nothing else of this one is on their PATH. */
const PLAIN = [
  'awk',
  'bash',
  'cat',
  'chmod',
  'cp',
  'cut',
  'dirname',
  'env',
  'grep',
  'head',
  'mkdir',
  'mktemp',
  'paste',
  'rm',
  'sed',
  'sha256sum',
  'sort',
  'tee',
  'tr',
];

const FAKE = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const { basename } = require('node:path');
const program = basename(process.argv[1]);
const args = process.argv.slice(2);
appendFileSync(process.env.FAKE_LOG, JSON.stringify({ program, args, kubeconfig: process.env.KUBECONFIG }) + '\\n');
const line = [program, ...args].join(' ');
const answers = JSON.parse(readFileSync(process.env.FAKE_ANSWERS, 'utf8'));
const answer = answers.find(({ when }) => new RegExp(when).test(line)) ?? {};
if (answer.writes) {
  const file = args[args.indexOf(answer.writes.option) + 1];
  require('node:fs').writeFileSync(file, answer.writes.text);
}
if (answer.says !== undefined) console.log(answer.says);
if (answer.complains !== undefined) console.error(answer.complains);
process.exitCode = answer.exitCode ?? 0;
`;

/**
 * A copy of deploy/ in a temporary folder, and a PATH with fakes of the given programs beside a plain machine's own.
 * `run(script, args, { answers, input, env })` runs a script of it; of `answers` ([{ when: pattern of the call, says,
 * complains, exitCode, writes }]) the first that fits is given. The result has `calls`, each as one line.
 */
export function sandbox({ fakes }) {
  const folder = mkdtempSync(join(tmpdir(), 'order-bench-deploy-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of PLAIN) symlinkSync(which(name), join(bin, name));
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const name of fakes) {
    writeFileSync(join(bin, name), FAKE);
    chmodSync(join(bin, name), 0o755);
  }
  const copy = join(folder, 'deploy');
  for (const part of ['preflight.sh', 'azure.sh', 'terraform.sh', 'cluster', 'images', 'infra', 'kind']) {
    cpSync(join(deploy, part), join(copy, part), {
      recursive: true,
      filter: source =>
        !/\/(\.terraform|backend\.hcl|terraform\.tfvars|prices\.json|[^/]*\.tfplan(\.json)?)$/.test(source),
    });
  }

  const log = join(folder, 'calls');
  return {
    deploy: copy,
    path: (...parts) => join(copy, ...parts),
    text: (...parts) => readFileSync(join(copy, ...parts), 'utf8'),
    write: (text, ...parts) => {
      mkdirSync(dirname(join(copy, ...parts)), { recursive: true });
      writeFileSync(join(copy, ...parts), text);
    },
    has: (...parts) => existsSync(join(copy, ...parts)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
    run(script, args = [], { answers = [], input = '', env = {} } = {}) {
      rmSync(log, { force: true });
      const answersFile = join(folder, 'answers.json');
      writeFileSync(answersFile, JSON.stringify(answers));
      const { status, stdout, stderr } = spawnSync('bash', [join(copy, script), ...args], {
        encoding: 'utf8',
        input,
        env: { PATH: bin, HOME: folder, FAKE_LOG: log, FAKE_ANSWERS: answersFile, ...env },
      });
      const recorded = existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map(line => JSON.parse(line))
        : [];
      return {
        status,
        stdout,
        stderr,
        recorded,
        calls: recorded.map(({ program, args }) => [program, ...args].join(' ')),
      };
    },
  };
}

/** Where a plain tool of this machine is. */
function which(name) {
  const found = process.env.PATH.split(':')
    .map(folder => join(folder, name))
    .find(existsSync);
  if (found === undefined) throw new Error(`${name} is not on the PATH: the tests of deploy/ need it`);
  return found;
}

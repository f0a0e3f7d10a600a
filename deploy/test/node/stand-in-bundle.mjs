// stand-in-bundle.mjs <config.json>: has a container start the stand-in host where its program is "/", which is how the
// chart leaves it to the Spin shim; the shim reads the same variables (containerd-shim-spin, constants.rs).
import { readFileSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const config = JSON.parse(readFileSync(file, 'utf8'));
if (config.process.args.join(' ') === '/') {
  const env = Object.fromEntries(config.process.env.map(pair => pair.split(/=(.*)/s)));
  config.process.args = [
    ...['/spin-host', 'up', '--from', '/app/spin.toml', '--cache', '/cache'],
    ...['--listen', env.SPIN_HTTP_LISTEN_ADDR, '--component-id', env.SPIN_COMPONENTS_TO_RETAIN],
    ...['--runtime-config-file', '/runtime-config.toml'],
  ];
  config.process.env.push('HOME=/tmp');
  writeFileSync(file, JSON.stringify(config));
}

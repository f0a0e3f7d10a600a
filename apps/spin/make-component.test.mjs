import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeComponent } from './make-component.mjs';

/** A checkout with one source; `build` answers whether the component had to be made. */
function checkout(source) {
  const dir = mkdtempSync(join(tmpdir(), 'make-component-'));
  const input = join(dir, 'source.js');
  const output = join(dir, 'app.wasm');
  writeFileSync(input, source);
  const build = () => {
    let isMade = false;
    makeComponent({
      output,
      inputs: [input],
      make() {
        isMade = true;
        writeFileSync(output, `component of ${readFileSync(input, 'utf8')}`);
      },
    });
    return isMade;
  };
  return { input, output, build };
}

test('a component is made once for every checkout with the same inputs, and anew for others', () => {
  process.env.COMPONENTS_DIR = mkdtempSync(join(tmpdir(), 'components-'));
  const first = checkout('a');
  assert.equal(first.build(), true);
  assert.equal(first.build(), false);
  const second = checkout('a');
  assert.equal(second.build(), false);
  assert.equal(readFileSync(second.output, 'utf8'), 'component of a');
  writeFileSync(second.input, 'b');
  assert.equal(second.build(), true);
  assert.equal(readFileSync(second.output, 'utf8'), 'component of b');
});

test('a component that was cut off is not taken for the whole one', () => {
  process.env.COMPONENTS_DIR = mkdtempSync(join(tmpdir(), 'components-'));
  const { output, build } = checkout('a');
  build();
  writeFileSync(output, 'component');
  assert.equal(build(), false);
  assert.equal(readFileSync(output, 'utf8'), 'component of a');
});

test('where no folder is set, each checkout makes its own', () => {
  delete process.env.COMPONENTS_DIR;
  assert.equal(checkout('a').build(), true);
  assert.equal(checkout('a').build(), true);
});

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { UsageError } from '../text/usage-error.js';
import { SCHEMA_VERSION } from './result.js';
import { RESULT_FORMAT } from './result-file.js';
import { storedFormat } from './stored-format.js';

const whole = JSON.stringify(exampleResult());

describe('a stored file', () => {
  it('returns a result of the published shape', () => {
    expect(RESULT_FORMAT.parse(whole, 'a.json')).toEqual(exampleResult());
  });

  it('names a file that is cut off, and says what to do', () => {
    const half = whole.slice(0, whole.length / 2);
    expect(() => RESULT_FORMAT.parse(half, 'results/a.json')).toThrow(UsageError);
    expect(() => RESULT_FORMAT.parse(half, 'results/a.json')).toThrow(/^results\/a\.json is cut off .*git checkout/);
  });

  it('reads a run of version 2: floors were told by their settings, and a run that was only checked had no drain', () => {
    const { isFloor, ...whole } = exampleResult();
    const read = (changes: object) =>
      RESULT_FORMAT.parse(JSON.stringify({ ...whole, schemaVersion: 2, ...changes }), 'a');
    expect(read({})).toMatchObject({ schemaVersion: SCHEMA_VERSION, isFloor: false, drain: whole.drain });
    expect(read({ settings: { ...whole.settings, framework: 'none' } }).isFloor).toBe(true);
    expect(read({ drain: null })).toMatchObject({ status: 'checked', reason: expect.stringContaining('malformed') });
  });

  it('refuses a version it does not know by its number, whatever else the file has', () => {
    expect(() => RESULT_FORMAT.parse('{"schemaVersion": 99, "new": true}', 'a.json')).toThrow(
      `a.json has schemaVersion 99, and this checkout reads version ${SCHEMA_VERSION}: use a checkout as new`,
    );
    expect(() => RESULT_FORMAT.parse('{"schemaVersion": "1"}', 'a.json')).toThrow('schemaVersion "1"');
  });

  it.each(['[]', 'null', '3', '{"schema": 1}'])('refuses %s as no result', text => {
    expect(() => RESULT_FORMAT.parse(text, 'a.json')).toThrow('a.json is not a result file');
  });

  it('lists what does not fit its shape', () => {
    const wrong = JSON.stringify({ ...exampleResult(), contender: '', extra: 1 });
    expect(() => RESULT_FORMAT.parse(wrong, 'a.json')).toThrow(
      /^a\.json is no result \(node_modules\/\.bin\/bench schema result\): contender: .*; extra is no known field/,
    );
  });

  it('reads a file of an older version as the one that is written, step by step', () => {
    const format = storedFormat({
      title: 'thing',
      version: 3,
      shape: v.strictObject({ schemaVersion: v.literal(3), names: v.array(v.string()) }),
      upgrades: {
        1: ({ name }) => ({ title: name }),
        2: ({ title }) => ({ names: [title] }),
      },
    });
    const newest = { schemaVersion: 3, names: ['a'] };
    for (const older of [{ schemaVersion: 1, name: 'a' }, { schemaVersion: 2, title: 'a' }, newest])
      expect(format.parse(JSON.stringify(older), 'a.json')).toEqual(newest);
    expect(() => format.parse('{"schemaVersion":4}', 'a.json')).toThrow('has schemaVersion 4');
    expect(() => format.parse('{"schemaVersion":0}', 'a.json')).toThrow('has schemaVersion 0');
  });
});

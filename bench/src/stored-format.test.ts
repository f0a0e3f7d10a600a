import { describe, expect, it } from 'vitest';
import { exampleResult } from './example-result.js';
import { RESULT_FORMAT } from './result-file.js';
import { UsageError } from './usage-error.js';

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

  it('refuses a version it does not know by its number, whatever else the file has', () => {
    expect(() => RESULT_FORMAT.parse('{"schemaVersion": 7, "new": true}', 'a.json')).toThrow(
      /^a\.json has schemaVersion 7, and this checkout reads version 2 only: use a checkout as new/,
    );
    expect(() => RESULT_FORMAT.parse('{"schemaVersion": "1"}', 'a.json')).toThrow('schemaVersion "1"');
  });

  it.each(['[]', 'null', '3', '{"schema": 1}'])('refuses %s as no result', text => {
    expect(() => RESULT_FORMAT.parse(text, 'a.json')).toThrow('a.json is not a result file');
  });

  it('lists what does not fit the schema', () => {
    const wrong = JSON.stringify({ ...exampleResult(), contender: '', extra: 1 });
    expect(() => RESULT_FORMAT.parse(wrong, 'a.json')).toThrow(/additional properties \(extra\).*\/contender must NOT/);
  });
});

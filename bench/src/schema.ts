import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

/** Returns what is wrong with a value, one sentence a fault; empty when it fits. */
export type FaultsOf = (value: unknown) => string[];

/** Compiles one of the JSON Schemas published in bench/schemas/. */
export function schemaValidator(file: string): FaultsOf {
  const schema: unknown = JSON.parse(readFileSync(new URL(`../schemas/${file}`, import.meta.url), 'utf8'));
  const validate = new Ajv({ allErrors: true }).compile(schema as object);
  return value => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const key = 'additionalProperty' in params ? ` (${params.additionalProperty})` : '';
      return `${instancePath || 'the file'} ${message}${key}`;
    });
  };
}

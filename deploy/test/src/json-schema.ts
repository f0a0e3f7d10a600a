/** A JSON schema, or a Kubernetes OpenAPI schema, which is nearly one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * A Kubernetes schema as a JSON schema that refuses what the schema does not name, as kubeconform's `--strict` expects it.
 * Kubernetes' own extensions are put into JSON schema's words.
 */
export function strict(schema: JsonSchema): JsonSchema {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
    return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties') result.properties = mapped(value as Record<string, JsonSchema>);
    else if (NESTED.includes(keyword) && isSchema(value)) result[keyword] = strict(value);
    else if (LISTED.includes(keyword)) result[keyword] = (value as JsonSchema[]).map(strict);
    else if (!DROPPED.includes(keyword) && !keyword.startsWith('x-')) result[keyword] = value;
  }
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  if (schema.properties !== undefined && !isOpen) result.additionalProperties = false;
  if (schema.nullable === true && typeof schema.type === 'string') result.type = [schema.type, 'null'];
  return result;
}

const NESTED = ['items', 'additionalProperties', 'not'];
const LISTED = ['allOf', 'anyOf', 'oneOf'];
/** Not JSON schema's, or for readers only. */
const DROPPED = ['description', 'nullable', 'default', 'example'];

function mapped(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, strict(schema)]));
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

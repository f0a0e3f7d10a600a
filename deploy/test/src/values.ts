/** Values as a values file holds them; only what differs from values.yaml. */
export interface Values {
  readonly [name: string]: unknown;
}

/** Values laid over others, key by key; anything but a mapping replaces what was there. */
export function merged(base: Values, over: Values): Values {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const before = result[name];
    result[name] = isMapping(before) && isMapping(value) ? merged(before, value) : value;
  }
  return result;
}

/** `{a: {b: value}}` for the path `['a', 'b']`. */
export function at(path: readonly string[], value: unknown): Values {
  const [first = '', ...rest] = path;
  return { [first]: rest.length === 0 ? value : at(rest, value) };
}

/** Paths of all values that are no mapping, or an empty one. */
export function leaves(values: Values, path: readonly string[] = []): string[][] {
  return Object.entries(values).flatMap(([name, value]) =>
    isMapping(value) && Object.keys(value).length > 0 ? leaves(value, [...path, name]) : [[...path, name]],
  );
}

function isMapping(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

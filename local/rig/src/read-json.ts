/** What is asked; a GET without a body unless said otherwise. */
export interface JsonRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly body?: unknown;
}

/**
 * Asks a side door of the rig and reads its JSON answer (undefined for an empty one).
 *
 * @throws Error naming method, URL and answer when it is not 2xx, and why where nobody answers.
 */
export async function readJson<T>(url: string, { method = 'GET', body }: JsonRequest = {}): Promise<T> {
  const asked = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(url, asked).catch((error: Error) => {
    // What fetch itself says is only that it failed.
    const { cause = error } = error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${method} ${url} failed: ${why}; see the log of the process that listens there`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 200)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

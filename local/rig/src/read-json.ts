/**
 * Asks a side door of the rig and reads its JSON answer (undefined for an empty one).
 *
 * @throws Error naming method, URL and answer when it is not 2xx.
 */
export async function readJson<T>(url: string, method: 'GET' | 'DELETE' = 'GET'): Promise<T> {
  const response = await fetch(url, { method });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 200)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The header in which Dapr wants its API token (DAPR_API_TOKEN), and in which it sends the app's (APP_API_TOKEN). */
export const API_TOKEN_HEADER = 'dapr-api-token';

/**
 * Whether a caller gave the token that is expected. Takes as long for a wrong one as for the right one, so that its
 * characters can't be found one by one; Spin's JavaScript engine has no `timingSafeEqual`.
 *
 * @param given the header's value; absent counts as wrong
 */
export function isApiToken(given: string | null | undefined, expected: string): boolean {
  const text = given ?? '';
  let difference = text.length ^ expected.length;
  // Past the end of the given one charCodeAt is NaN, which counts as 0 here; the lengths differ then.
  for (let i = 0; i < expected.length; i++) difference |= text.charCodeAt(i) ^ expected.charCodeAt(i);
  return difference === 0;
}

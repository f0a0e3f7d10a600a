import { HOME_PAGE } from './home-page.js';
import type { ApiResponse } from './http.js';
import { pageScript } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';
import type { Resource, ResourceRoute } from './resource.js';

/** A script and a style of its own, and calls to the API that it comes from. */
const HOME_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** The page for a person, and what belongs to it. It holds no data: the token is asked for when it calls the API. */
export const HOME_RESOURCES: readonly ResourceRoute[] = [
  [/^\/$/, file('text/html', HOME_PAGE, { 'content-security-policy': HOME_POLICY, 'referrer-policy': 'no-referrer' })],
  [/^\/page\.css$/, file('text/css', PAGE_STYLE)],
  [/^\/page\.js$/, file('text/javascript', pageScript())],
];

function file(mediaType: string, body: string, headers: Readonly<Record<string, string>> = {}): Resource {
  const answer: ApiResponse = {
    status: 200,
    headers: { ...headers, 'content-type': `${mediaType}; charset=utf-8`, 'cache-control': 'no-cache' },
    body,
  };
  const GET = async () => answer;
  return { GET, HEAD: GET };
}

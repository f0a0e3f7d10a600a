import { escapeMarkup } from './escape.js';

/** What a page shows. */
export interface HtmlPage {
  readonly title: string;
  /** Markup, with everything escaped that came from outside. */
  readonly main: string;
}

/** Nothing runs in a page and nothing is loaded into it, but its style. */
export const HTML_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A page that can be read as it is, under HTML_POLICY. */
export function htmlPage({ title, main }: HtmlPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><main>${main}</main></body></html>
`;
}

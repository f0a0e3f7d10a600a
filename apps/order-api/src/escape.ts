/** Text as the content or an attribute's value of HTML and XML. What XML 1.0 cannot hold becomes U+FFFD. */
export function escapeMarkup(text: string): string {
  return text.replace(NOT_IN_XML, '\ufffd').replace(/[&<>"'\r]/g, character => MARKUP[character] ?? character);
}

// XML 1.0, section 2.2: a lone surrogate is no character either.
const NOT_IN_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
  /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

// A carriage return as it is would be read as a line feed.
const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
};

/**
 * A cell of CSV (RFC 4180). One that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP has it: numbers
 * do not.
 */
export function csvCell(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded;
}

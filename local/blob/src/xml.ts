/** Text as it may stand in an XML element or attribute; what XML cannot hold at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(TO_ESCAPE, character => ENTITIES[character] ?? '\uFFFD');
}

/** Whether XML can hold each character of a text, be it escaped. */
export function fitsXml(text: string): boolean {
  return !NOT_IN_XML.test(text);
}

/** `<tag>text</tag>`, or the empty element for an empty text. */
export function element(tag: string, text: string | number): string {
  return text === '' ? `<${tag} />` : `<${tag}>${escapeXml(String(text))}</${tag}>`;
}

/** A parser reads a bare carriage return as a line feed. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** The complement of Char in https://www.w3.org/TR/xml/#charsets. */
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const TO_ESCAPE = new RegExp(`[&<>"\r]|${NOT_IN_XML.source}`, 'gu');

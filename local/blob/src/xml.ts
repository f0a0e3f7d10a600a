/** Text as it may stand in an XML element or attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, character => ENTITIES[character] ?? character);
}

/** `<tag>text</tag>`, or the empty element for an empty text. */
export function element(tag: string, text: string | number): string {
  return text === '' ? `<${tag} />` : `<${tag}>${escapeXml(String(text))}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For tests: what a reader sees of a page, without its charts; `unfolded` leaves out what has to be opened first. */
export function pageText(html: string, { unfolded = false } = {}): string {
  const page = html.replace(/<(script|style|svg|head)\b[\s\S]*?<\/\1>/g, ' ');
  return (unfolded ? withoutDetails(page) : page)
    .replace(/<wbr>/g, '')
    .replace(/<\/(tr|p|li|h\d|figcaption|summary)>/g, '\n')
    .replace(/<\/(td|th)>/g, ' | ')
    .replace(/<[^>]+>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

/** For tests: words in a text, which are what has a letter or a digit in it. */
export function countWords(text: string): number {
  return text.split(/\s+/).filter(word => /[\p{L}\d]/u.test(word)).length;
}

/** The innermost first, each replaced by its summary. */
function withoutDetails(html: string): string {
  const outer = html.replace(/<details\b[^>]*>(?:(?!<details\b)[\s\S])*?<\/details>/g, details => {
    const [, summary = ''] = /<summary>([\s\S]*?)<\/summary>/.exec(details) ?? [];
    return `<p>${summary}</p>`;
  });
  return outer === html ? html : withoutDetails(outer);
}

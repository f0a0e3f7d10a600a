/** Written orders that nobody has read yet, in the form that the part is named by, so that it is made for each request. */
import { apiOptionsOf, handleApiSummary, ownData, send, target } from '../api-exercise.ts';

export const options = apiOptionsOf([target.part]);
export const handleSummary = handleApiSummary;

/** What a program asks for, and what a browser does. */
const ACCEPT: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  csv: 'text/csv',
  html: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
};

export default function negotiation(): void {
  send({
    ...{ name: target.part, method: 'GET', path: ownData<{ readonly path: string }>().path, wanted: 200 },
    headers: { accept: ACCEPT[target.part] ?? '' },
    wantedHeaders: { 'Content-Type': target.part, 'Cache-Status': 'uri-miss' },
  });
}

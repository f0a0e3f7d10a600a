/** The colours by name for one ground; charts and page refer to them as CSS variables. */
type Colours = Readonly<Record<string, string>>;

/**
 * Okabe and Ito's palette (Color Universal Design, 2008) by hue family: 1, 2, 7 blue, 3, 4, 8 red, 5 green, 6 purple; 7 and 8 are
 * darker shades of theirs. Its yellow is left out, which white swallows.
 */
const LIGHT: Colours = {
  ground: '#ffffff',
  panel: '#f6f7f8',
  ink: '#1c2126',
  'ink-2': '#59626b',
  rule: '#d5dadf',
  accent: '#0072b2',
  'series-1': '#0072b2',
  'series-2': '#56b4e9',
  'series-3': '#d55e00',
  'series-4': '#e69f00',
  'series-5': '#009e73',
  'series-6': '#cc79a7',
  'series-7': '#00395c',
  'series-8': '#8a3a00',
  'reference-1': '#59626b',
  'reference-2': '#98a1aa',
  'share-2': '#8b959e',
  'share-3': '#b9c1c8',
  'share-4': '#dde2e6',
};

/** The same hues, lighter where a dark ground would swallow them. */
const DARK: Colours = {
  ground: '#0f1419',
  panel: '#171d24',
  ink: '#e4e8ec',
  'ink-2': '#9aa5af',
  rule: '#313a43',
  accent: '#56b4e9',
  'series-1': '#2f96d8',
  'series-2': '#8fd0f5',
  'series-3': '#f0772b',
  'series-4': '#f2b632',
  'series-5': '#1cb98b',
  'series-6': '#dd93bb',
  'series-7': '#c9e6fa',
  'series-8': '#f7c7a3',
  'reference-1': '#a7b1ba',
  'reference-2': '#6f7a84',
  'share-2': '#7b8691',
  'share-3': '#57616b',
  'share-4': '#3a434c',
};

/** The theme's variables for a selector, in both grounds: the reader's system decides. */
export function themeCss(selector: string): string {
  return `${selector}{color-scheme:light dark;${variables(LIGHT)}}@media (prefers-color-scheme:dark){${selector}{${variables(DARK)}}}`;
}

function variables(colours: Colours): string {
  return Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** The typeface of page and charts: the reader's own. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

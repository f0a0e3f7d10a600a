/** The style of every page of the API: no font and no picture from anywhere. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f7f6f3, #16181b);
  --card: light-dark(#ffffff, #1f2226);
  --ink: light-dark(#1d2024, #e8e6e1);
  --soft: light-dark(#5d636b, #a3a8af);
  --line: light-dark(#d9d6cf, #3a3f45);
  --accent: light-dark(#0b57a4, #8fc1ff);
  --on-accent: light-dark(#ffffff, #10233a);
  --good: light-dark(#1b6e3c, #7fd6a0);
  --bad: light-dark(#a4262c, #ff9f9a);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { font-size: 1.6rem; margin: 0 0 0.25rem; }
h2 { font-size: 1.15rem; margin: 0 0 0.75rem; }
p { margin: 0.25rem 0 0.75rem; }
a { color: var(--accent); }
.soft { color: var(--soft); }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 1rem; min-width: 0; }
.card.wide { grid-column: 1 / -1; }
form { display: flex; flex-wrap: wrap; gap: 0.6rem 0.8rem; align-items: end; }
label { display: grid; gap: 0.15rem; font-size: 0.85rem; color: var(--soft); flex: 1 1 8rem; min-width: 0; }
label.all { flex-basis: 100%; }
input, select, textarea, button { font: inherit; color: inherit; border-radius: 0.4rem; padding: 0.4rem 0.6rem; min-width: 0; }
input, select, textarea { width: 100%; background: var(--ground); border: 1px solid var(--line); color: var(--ink); }
input, select { height: 2.4rem; }
textarea { font: 0.85rem/1.45 ui-monospace, monospace; min-height: 7rem; resize: vertical; }
button { background: transparent; border: 1px solid var(--accent); color: var(--accent); cursor: pointer; }
button[type='submit'] { background: var(--accent); color: var(--on-accent); }
button:disabled { opacity: 0.5; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 0.75rem 0 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.4rem 0.6rem 0.4rem 0; border-top: 1px solid var(--line); vertical-align: baseline; overflow-wrap: break-word; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: 0.85rem; }
.scroll th, .scroll td { white-space: nowrap; }
.scroll td.wraps { white-space: normal; }
table + h2 { margin-top: 1.5rem; }
table + p { margin-top: 1rem; }
.fields td { overflow-wrap: anywhere; }
.fields th { width: 9rem; color: var(--soft); font-weight: 500; }
progress { display: block; width: 100%; min-width: 6rem; height: 0.9rem; accent-color: var(--accent); }
code { font: 0.85rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
.status { font-weight: 600; }
.status[data-status='written'], .status[data-status='succeeded'], .status[data-status='delivered'], .status[data-status='active'] { color: var(--good); }
.status[data-status='failed'], .status[data-status='cancelled'], .status[data-status='given-up'], .status[data-status='disabled'], .status[data-status='overdue'] { color: var(--bad); }
.message { margin: 0.6rem 0 0; overflow-wrap: anywhere; }
.message:empty { display: none; }
.message.is-bad { color: var(--bad); }
.hook { border-top: 1px solid var(--line); padding: 0.75rem 0; }
.hook header { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: baseline; }
dialog { width: min(46rem, calc(100vw - 2rem)); max-height: 85vh; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; }
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
dialog main { padding: 0 0 1rem; }
pre { overflow-x: auto; font: 0.85rem/1.45 ui-monospace, monospace; }
`;

/** Of the report's page: light and dark by the reader's own setting, charts side by side where there is room. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1d2127; --dim: #5c6570; --line: #dfe3e8; --good: #12703a; --bad: #b3261e;
  --c0: #1f6feb; --c1: #c2570c; --c2: #1a7f5a; --c3: #8250df; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171b; --fg: #e4e8ec; --dim: #99a3ae; --line: #2f363e; --good: #5fd08b; --bad: #ff8a80;
  --c0: #6ea8fe; --c1: #f0a25e; --c2: #5cc79b; --c3: #b794f6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 20px 16px 60px; }
h1 { font-size: 24px; margin: 0; }
h2 { font-size: 18px; margin: 36px 0 4px; }
p { margin: 6px 0 12px; }
.lead, section > p { color: var(--dim); }
code { font-size: 14px; overflow-wrap: anywhere; }
a { color: inherit; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
thead th { color: var(--dim); font-weight: 600; }
th:first-child { text-align: left; padding-left: 0; }
tbody th { font-weight: 400; }
tr > :nth-last-child(-n+2) { text-align: left; }
.good { color: var(--good); } .bad { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px 24px; }
figure { margin: 0; min-width: 0; max-width: 640px; }
figcaption { font-weight: 600; font-size: 14px; display: flex; flex-wrap: wrap; gap: 2px 14px; }
.legend { font-weight: 400; color: var(--dim); }
.legend i { display: inline-block; width: 14px; height: 3px; margin: 0 5px 3px 8px; background: currentColor; }
svg { width: 100%; height: auto; display: block; }
svg text { font-size: 12px; fill: var(--dim); }
.grid { stroke: var(--line); } .axis, .tick { stroke: var(--dim); }
.curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.curve.faint { opacity: 0.28; stroke-width: 1.2; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
.legend .c0, .legend .c1, .legend .c2, .legend .c3 { background: currentColor; }
@media (max-width: 560px) { svg text { font-size: 16px; } th, td { padding: 6px; } tbody th { white-space: normal; min-width: 150px; } }
`.trim();

"""How a run's page looks: on paper or in the dark, on a telephone or a wide screen."""

CSS = """
:root { color-scheme: light dark; --ground: #fbfaf8; --card: #fff; --text: #23211e; --soft: #6b665f; --rule: #e4e0da;
  --curve: #0072b2; --accent: #0b6a9c; --done: #0072b2; --warn: #a33c00; --code: #f3f0eb; }
@media (prefers-color-scheme: dark) { :root { --ground: #171614; --card: #211f1d; --text: #ece8e1; --soft: #a49d93;
  --rule: #38342f; --curve: #6fc1ef; --accent: #7cc7f2; --done: #4aa3d8; --warn: #ff9d66; --code: #2a2724; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 0.9rem; }
p { margin: 0.3rem 0; max-width: 60rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
.soft, figcaption, dt { color: var(--soft); }
.of { overflow-wrap: anywhere; }
.ended { color: var(--warn); }
.budget { margin: 1.4rem 0 1.6rem; }
.budget p { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; max-width: none; }
.bar { height: 8px; border-radius: 4px; background: var(--rule); overflow: hidden; }
.bar i { display: block; height: 100%; border-radius: 4px; background: var(--done); }
dl.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 0.75rem; margin: 0; }
.tiles div, .curves figure { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.tiles div { padding: 0.75rem 1rem; min-width: 0; }
.tiles dt { font-size: 0.85rem; }
.tiles dd { margin: 0; font-size: 1.35rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles small { display: block; font-size: 0.85rem; line-height: 1.35; color: var(--soft); overflow-wrap: anywhere; }
figure { margin: 0; }
.samples { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 48rem) minmax(9rem, 1fr); align-items: start; }
.samples img { display: block; width: 100%; height: auto; border-radius: 8px; background: #fff; }
.columns { display: flex; margin: 0 0 0.4rem; padding: 0; list-style: none; font-size: 0.9rem; color: var(--soft); }
.columns li { flex: 1 1 0; min-width: 0; text-align: center; }
.older { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1.1rem 0.9rem; }
@media (max-width: 56rem) { .samples { grid-template-columns: minmax(0, 1fr); } }
figcaption { font-size: 0.9rem; margin-top: 0.35rem; font-variant-numeric: tabular-nums; }
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 0.9rem; }
.curves figure { padding: 0.8rem 0.9rem 0.3rem; min-width: 0; }
.curves figcaption { display: flex; flex-wrap: wrap; gap: 0 0.7rem; align-items: baseline; margin: 0 0 0.4rem; }
.curves b { color: var(--text); font-size: 1rem; overflow-wrap: anywhere; }
.curves output { margin-left: auto; color: var(--text); }
.curves svg { display: block; width: 100%; height: auto; color: var(--text); font-family: inherit; }
pre { background: var(--code); border-radius: 8px; padding: 0.7rem 0.9rem; margin: 0.3rem 0 1.1rem; overflow-x: auto;
  font: 0.9rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.92em; white-space: nowrap; }
pre.command { white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
details { border-top: 1px solid var(--rule); padding: 0.7rem 0; }
details:last-of-type { border-bottom: 1px solid var(--rule); }
summary { cursor: pointer; font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.7rem 0; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 1.4rem 0.3rem 0; border-bottom: 1px solid var(--rule);
  overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 500; }
@media print { .older { display: none; } }
"""

"""The look of every page: a light table, by day and by night; all text meets WCAG AA."""

LIGHT = {
    "paper": "#f7f5f1",
    "card": "#ffffff",
    "well": "#efece6",
    "line": "#dfdad2",
    "ink": "#211e1a",
    "soft": "#655f57",
    "accent": "#0b6565",
    "sure": "#12603a",
    "sure-bed": "#dff2e6",
    "copy": "#1a4c99",
    "copy-bed": "#e2ecfb",
    "kind": "#6a2f86",
    "kind-bed": "#f2e5f8",
    "like": "#744900",
    "like-bed": "#faeed4",
    "apart": "#59544c",
    "apart-bed": "#ece8e1",
}
DARK = {
    "paper": "#161513",
    "card": "#1f1d1b",
    "well": "#292623",
    "line": "#3a3632",
    "ink": "#ece8e1",
    "soft": "#aaa39a",
    "accent": "#6fc7c0",
    "sure": "#93d9ac",
    "sure-bed": "#1b3526",
    "copy": "#a2c6ff",
    "copy-bed": "#1b2e4d",
    "kind": "#dcb2f2",
    "kind-bed": "#382145",
    "like": "#f0c67f",
    "like-bed": "#3d2f14",
    "apart": "#b9b2a9",
    "apart-bed": "#34312d",
}
INKS_ON = {
    "paper": ("ink", "soft", "accent"),
    "card": ("ink", "soft", "accent"),
    "well": ("ink", "soft"),
    "sure-bed": ("sure",),
    "copy-bed": ("copy",),
    "kind-bed": ("kind",),
    "like-bed": ("like",),
    "apart-bed": ("apart",),
}
"""Which colours are written on which; the pairs that need contrast."""

_RULES = """
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 82rem; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem;
  color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
.brand { display: flex; align-items: center; gap: .5rem; margin: 0 0 1.75rem;
  color: var(--accent); font-weight: 600; letter-spacing: .01em; }
h1 { font-size: clamp(1.5rem, 1.1rem + 1.8vw, 2.25rem); line-height: 1.15; font-weight: 680;
  letter-spacing: -.015em; margin: 0 0 .5rem; text-wrap: balance; overflow-wrap: anywhere; }
.lead { margin: 0; color: var(--soft); max-width: 48rem; font-size: 1.05rem; }
header { margin-bottom: 2rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .9rem;
  padding: 1.1rem clamp(.9rem, 2vw, 1.4rem) 1.25rem; margin: 0 0 1.1rem;
  content-visibility: auto; contain-intrinsic-size: auto 22rem; }
h2 { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .75rem; margin: 0 0 1rem;
  font-size: 1.05rem; line-height: 1.4; font-weight: 620; }
h2 .number { color: var(--soft); font-weight: 500; font-variant-numeric: tabular-nums; }
.trust { color: var(--soft); font-weight: 400; font-size: .92rem; }
.grid { display: grid; gap: 1.25rem 1rem; margin: 0; padding: 0;
  grid-template-columns: repeat(auto-fill, minmax(min(12rem, 44%), 1fr)); }
figure { margin: 0; min-width: 0; }
.well { aspect-ratio: 4 / 3; display: grid; place-items: center; padding: .35rem;
  background: var(--well); border-radius: .55rem; overflow: hidden; }
.well img { max-width: 100%; max-height: 100%; min-width: 0; min-height: 0; display: block;
  border-radius: .2rem; }
.well .gone { color: var(--soft); font-size: .85rem; text-align: center; }
figcaption { margin-top: .5rem; font-size: .85rem; line-height: 1.42; overflow-wrap: anywhere; }
figcaption > span { display: block; }
.file { font-weight: 600; }
.why { text-wrap: balance; }
.folder, .facts, .why { color: var(--soft); }
.facts b { color: var(--ink); font-weight: 600; }
.facts span { white-space: nowrap; }
.chips, .said { display: flex !important; flex-wrap: wrap; gap: .25rem .4rem; align-items: center; }
.chips { margin-top: .3rem; }
.said { margin-bottom: .3rem; }
.chip { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .55rem;
  color: var(--soft); font-size: .76rem; white-space: nowrap; }
.verdict { border: 1px solid transparent; border-radius: 1rem; padding: .05rem .6rem;
  font-size: .84rem; font-weight: 620; white-space: nowrap; }
.sure { color: var(--sure); background: var(--sure-bed); }
.copy { color: var(--copy); background: var(--copy-bed); }
.kind { color: var(--kind); background: var(--kind-bed); }
.like { color: var(--like); background: var(--like-bed); }
.apart { color: var(--apart); background: var(--apart-bed); }
.doubt { border: 1px dashed currentColor; }
.percent { font-weight: 600; font-variant-numeric: tabular-nums; }
.more { color: var(--soft); margin: 1rem 0 0; font-size: .9rem; }
.stays { margin-top: .3rem; text-wrap: balance; }
.stays b { color: var(--sure); font-weight: 620; }
.search { display: grid; gap: 1.25rem 1.75rem;
  grid-template-columns: minmax(0, 15rem) minmax(0, 1fr); }
.search .asked { position: sticky; top: 1.25rem; align-self: start; }
.label { display: block; margin: 0 0 .4rem; color: var(--soft); font-size: .85rem; }
.pair { grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
.pair .well { aspect-ratio: 3 / 2; }
.pair figcaption { font-size: .95rem; }
.letter { display: inline-grid; place-items: center; width: 1.5rem; height: 1.5rem;
  margin-right: .45rem; border-radius: 50%; background: var(--well); font-weight: 650;
  font-size: .85rem; }
details { margin-top: 1rem; font-size: .88rem; }
summary { cursor: pointer; color: var(--accent); width: fit-content; border-radius: .3rem;
  padding: .1rem .25rem; margin-left: -.25rem; }
summary:hover { text-decoration: underline; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin-top: .5rem; width: 100%; }
td, th { text-align: left; padding: .4rem 1rem .4rem 0; border-top: 1px solid var(--line);
  vertical-align: baseline; overflow-wrap: anywhere; min-width: 6rem; }
th { color: var(--soft); font-weight: 500; border-top: 0; white-space: nowrap; }
td.tight { white-space: nowrap; overflow-wrap: normal; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .45rem 1rem; margin: .75rem 0 0;
  align-items: baseline; max-width: 52rem; }
dd { margin: 0; color: var(--soft); }
footer { color: var(--soft); font-size: .88rem; margin-top: 2rem; }
h3 { margin: 1.25rem 0 .5rem; font-size: .95rem; font-weight: 620; }
a { color: var(--accent); }
.drawings { display: grid; gap: 1rem 2rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
.drawings figure { max-width: 32rem; }
.drawings.whole figure { max-width: none; }
.drawing { display: block; width: 100%; height: auto; }
.drawing path, .drawing line { stroke-linejoin: round; stroke-linecap: butt; }
.figures td, .report td, .figures th, .report th { padding-top: .25rem; padding-bottom: .25rem;
  border-top: 0; font-variant-numeric: tabular-nums; }
.figures tr.first td { border-top: 1px solid var(--line); }
.figures .good { font-weight: 620; }
.figures .poor { color: var(--soft); }
.report { width: auto; }
.report td + td, .report th + th { text-align: right; padding-left: 1rem; }
.wrongs { display: grid; gap: 1rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
.wrong > div { display: grid; gap: .5rem; grid-template-columns: 1fr 1fr; }
.wrong > p { margin: .4rem 0 0; font-size: .88rem; color: var(--soft); }
@media (max-width: 44rem) {
  .search { grid-template-columns: minmax(0, 1fr); }
  .search .asked { position: static; max-width: 15rem; }
  .grid { gap: 1rem .75rem; }
}
@media print {
  body { max-width: none; padding: 0; }
  section { break-inside: avoid; content-visibility: visible; }
}
"""


def _variables(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


STYLE = (
    f":root {{ {_variables(LIGHT)} }}\n"
    f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}{_RULES}"
)

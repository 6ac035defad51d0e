/** The pages' one style sheet, served under its hash. In TypeScript, so that every bundler carries it. System fonts: no third-party request. */
const TOKENS = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#16191d, #e8eaed);
  --soft: light-dark(#565f6a, #a3adb8);
  --line: light-dark(#dce1e7, #2d343b);
  --edge: light-dark(#7d8894, #76818d);
  --paper: light-dark(#ffffff, #14171a);
  --wash: light-dark(#f6f7f9, #1b1f24);
  --go: light-dark(#12643f, #5fd39b);
  --stop: light-dark(#a3231f, #ff9088);
  --warn: light-dark(#865000, #f2b65a);
  --key: light-dark(#1d4fb8, #8ab4ff);
  --add: light-dark(#e3f4ea, #16301f);
  --del: light-dark(#fbe7e5, #3a1c1a);
  --go-wash: light-dark(#eef8f2, #14231b);
  --stop-wash: light-dark(#fdf1f0, #2a1716);
  --warn-wash: light-dark(#fdf6ea, #2a2112);
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}`;

const BASE = `
* { box-sizing: border-box; margin: 0 }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { font: 15px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: break-word }
code, pre, .mono { font-family: var(--mono); font-size: .92em }
code { overflow-wrap: anywhere }
a { color: var(--key); text-underline-offset: .15em }
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: .2rem 0 .6rem; text-wrap: pretty }
h1 code { font-size: .9em; font-weight: 600 }
h2 { font-size: .95rem; font-weight: 650; margin-bottom: .55rem }
h2 small { color: var(--soft); font-weight: 400; font-size: .87rem; margin-left: .4rem }
h3 { font-size: .9rem; font-weight: 600 }
:focus-visible { outline: 3px solid var(--key); outline-offset: 2px; border-radius: .2rem }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--paper); padding: .5rem .8rem; border: 1.5px solid var(--key); border-radius: .4rem; z-index: 2 }
.skip:focus { top: .6rem }
.go { color: var(--go) }
.stop { color: var(--stop) }
.wait, .warn { color: var(--warn) }
.plain, .hint { color: var(--soft) }
.hint { font-size: .87rem }
button { font: inherit; color: inherit; cursor: pointer }
button.link { border: 0; background: none; color: var(--key); text-decoration: underline; text-underline-offset: .15em; padding: .25rem .1rem; min-height: 1.6rem }
button.quiet { border: 1px solid var(--edge); background: transparent; border-radius: .4rem; padding: .35rem .8rem; font-size: .9rem }
button.quiet:hover { background: var(--wash) }
.button { display: inline-block; border: 1.5px solid var(--key); color: var(--key); font-weight: 650; padding: .55rem 1.1rem; border-radius: .45rem; text-decoration: none }
.button:hover { background: var(--wash) }`;

const FRAME = `
.top { display: flex; gap: .4rem 1.5rem; align-items: center; padding: .6rem 1.5rem; border-bottom: 1px solid var(--line); flex-wrap: wrap }
.brand { display: flex; align-items: center; gap: .5rem; color: inherit; text-decoration: none; font-weight: 650; letter-spacing: .01em; padding: .2rem 0 }
.brand svg { width: 1.25rem; height: 1.25rem; color: var(--go) }
.top nav { display: flex; gap: .2rem }
.top nav a { color: var(--soft); text-decoration: none; padding: .3rem .6rem; border-radius: .4rem }
.top nav a:hover { color: var(--ink); background: var(--wash) }
.top nav a[aria-current] { color: var(--ink); font-weight: 600 }
.count { font-size: .8rem; font-weight: 600; font-variant-numeric: tabular-nums; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .42rem; margin-left: .3rem }
.me { margin-left: auto; display: flex; align-items: center; gap: .7rem; color: var(--soft); font-size: .9rem; min-width: 0 }
.me span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
main { max-width: 74rem; margin: 0 auto; padding: 1.5rem 1.5rem 3rem }
main.two { display: grid; grid-template-columns: minmax(0, 1fr) 21.5rem; gap: 0 2.5rem }
main.narrow { max-width: 42rem }
.stack > * + * { margin-top: .8rem }
.head { grid-column: 1 / -1; padding-bottom: 1.2rem }
.crumb { color: var(--soft); font-size: .87rem }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; align-items: center; color: var(--soft); font-size: .9rem }
.facts strong { color: var(--ink); font-weight: 600 }
.meaning { margin-top: .7rem; max-width: 46rem }
.jump { display: none }
.lead { color: var(--soft); max-width: 46rem; margin-bottom: 1.1rem }
.empty { border: 1px dashed var(--edge); border-radius: .55rem; padding: 1.4rem; color: var(--soft) }
section { border-top: 1px solid var(--line); padding: 1.1rem 0 1.25rem }
.pill { display: inline-flex; align-items: center; gap: .4rem; border: 1px solid currentColor; border-radius: 1rem; padding: .02rem .65rem; font-size: .83rem; font-weight: 600 }
.pill::before { content: ""; width: .45rem; height: .45rem; border-radius: 50%; background: currentColor }
.meter { display: inline-flex; gap: .15rem; margin-right: .4rem; vertical-align: .06em }
.meter i { width: .8rem; height: .32rem; border-radius: .1rem; background: var(--line) }
.meter[data-tier=low] i:nth-child(-n+1) { background: var(--go) }
.meter[data-tier=medium] i:nth-child(-n+2) { background: var(--warn) }
.meter[data-tier=high] i { background: var(--stop) }
.note { border: 1px solid; border-radius: .5rem; padding: .7rem .9rem; margin-bottom: 1.1rem; grid-column: 1 / -1 }
.note p + p { margin-top: .25rem }
.note.stop { background: var(--stop-wash) }
.note.wait, .note.warn { background: var(--warn-wash) }
.note > *, .note a { color: var(--ink) }`;

const EVIDENCE = `
.change { border: 1px solid var(--line); border-radius: .55rem; overflow: hidden }
.change + .change, p + .change { margin-top: .8rem }
.obj { padding: .5rem .85rem; background: var(--wash); border-bottom: 1px solid var(--line); display: flex; justify-content: space-between; gap: .1rem 1rem; flex-wrap: wrap }
.fields > div { display: grid; grid-template-columns: 36% minmax(0, 1fr); gap: .2rem 1rem; padding: .5rem .85rem; border-top: 1px solid var(--line) }
.fields > div:first-child { border-top: 0 }
.fields dt { color: var(--soft); overflow-wrap: anywhere }
.fields dd { margin: 0; overflow-wrap: anywhere }
.uninspected { display: block; margin-top: .2rem; font-size: .87rem }
.uninspected strong { color: var(--stop); border: 1px solid currentColor; border-radius: .25rem; padding: 0 .3rem; font-size: .75rem; letter-spacing: .03em; white-space: nowrap }
.from, .to { text-decoration: none; padding: .08rem .38rem; border-radius: .25rem; box-decoration-break: clone; -webkit-box-decoration-break: clone }
.from { background: var(--del) }
.to { background: var(--add); font-weight: 600 }
.from code, .to code { white-space: pre-wrap }
.own { padding: .45rem .85rem; border-top: 1px dashed var(--line); color: var(--soft); font-size: .87rem }
.live { display: flex; flex-wrap: wrap; gap: .1rem .6rem; align-items: center; margin-top: .75rem; font-size: .9rem; color: var(--soft) }
.tag { font-size: .7rem; font-weight: 700; letter-spacing: .05em; text-transform: uppercase; border: 1px solid currentColor; border-radius: .25rem; padding: 0 .3rem }
details { margin-top: .5rem }
summary { cursor: pointer; color: var(--soft); font-size: .9rem; padding: .15rem 0; width: fit-content }
summary:hover { color: var(--ink) }
pre { margin-top: .5rem; padding: .7rem .9rem; background: var(--wash); border: 1px solid var(--line); border-radius: .5rem; overflow: auto; line-height: 1.45; max-height: 34rem }
pre span { display: block; min-width: fit-content }
pre .cp { display: inline }
pre .a { background: var(--add) }
pre .d { background: var(--del) }
.items { list-style: none; padding: 0; display: grid; gap: .38rem }
.items > li { display: grid; grid-template-columns: 1.35rem minmax(0, 1fr) }
.items .m { font-weight: 700 }
.items details { margin: 0 }
.items ul { padding: .1rem 0 .3rem 1.1rem; color: var(--soft); font-size: .9rem }
.claim { border: 1px dashed var(--edge); border-radius: .5rem; padding: .8rem .95rem; background: var(--wash); overflow: hidden; contain: paint }
.claim > p:first-child { color: var(--soft); font-size: .87rem; margin-bottom: .45rem }
blockquote { unicode-bidi: isolate; white-space: pre-wrap; overflow-wrap: anywhere }
.claim blockquote b { display: block; font-weight: 600 }
.cp { font: 600 .72em/1 var(--mono); color: var(--stop); background: var(--stop-wash); border: 1px solid; border-radius: .2rem; padding: .08em .22em; margin: 0 .1em; vertical-align: .1em; white-space: nowrap }
.pairs { display: grid; grid-template-columns: minmax(9rem, max-content) minmax(0, 1fr); gap: .2rem 1.2rem; font-size: .9rem; margin-top: .5rem }
.pairs dt { color: var(--soft) }
.pairs dd { margin: 0; overflow-wrap: anywhere }`;

const DECISION = `
.stick { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; display: grid; gap: .9rem; align-content: start; margin: -.4rem; padding: .4rem }
.box { border: 1px solid var(--line); border-radius: .65rem; padding: 1.15rem 1.2rem; display: grid; gap: .95rem }
.words { display: grid; grid-template-columns: 1fr 1fr; gap: .35rem; list-style: none; padding: 0; margin: .35rem 0 .5rem }
.words li { border: 1px solid var(--line); background: var(--wash); border-radius: .4rem; padding: .28rem .6rem; font-weight: 650; letter-spacing: .01em }
.who { display: grid; gap: .3rem; font-size: .92rem }
.who div { display: flex; justify-content: space-between; gap: .8rem }
.who dt { color: var(--soft); flex: none }
.who dd { margin: 0; text-align: right; min-width: 0; overflow-wrap: anywhere }
.field { display: grid; gap: .3rem }
label { font-weight: 600; font-size: .9rem }
textarea, input[type=text] { font: inherit; width: 100%; padding: .5rem .6rem; border: 1px solid var(--edge); border-radius: .4rem; background: var(--paper); color: inherit }
textarea { min-height: 4.6rem; resize: vertical; display: block }
.acts { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem }
.acts button { font-weight: 650; padding: .62rem .8rem; min-height: 2.75rem; border-radius: .45rem; border: 1.5px solid currentColor; background: transparent }
.acts .approve { color: var(--go) }
.acts .approve:hover:enabled { background: var(--go-wash) }
.acts .deny { color: var(--stop) }
.acts .deny:hover:enabled { background: var(--stop-wash) }
.acts button:disabled { color: var(--soft); border-style: dashed; cursor: not-allowed }
.exit { padding: 0 1.2rem }
.exit p { margin-top: .3rem }
.exit + .exit { margin-top: 1.1rem }
.exit .pair { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .7rem }`;

const HISTORY = `
.path { display: flex; list-style: none; padding: 0; margin: 1.1rem 0 .2rem; flex-wrap: wrap; gap: .5rem .3rem }
.path li { flex: 1 1 7rem; border-top: 3px solid var(--line); padding: .4rem .5rem 0 0; font-size: .87rem; color: var(--soft) }
.path b { display: block; font-weight: 600 }
.path [data-state=done] { border-color: var(--go) }
.path [data-state=done] b { color: var(--ink) }
.path [data-state=now] { border-color: var(--warn) }
.path [data-state=now] b { color: var(--warn) }
.path [data-state=stopped] { border-color: var(--stop) }
.path [data-state=stopped] b { color: var(--stop) }
.events { list-style: none; padding: 0; display: grid; gap: .6rem; border-left: 2px solid var(--line); margin: .3rem 0 0 .3rem }
.events > li { padding-left: 1.05rem; position: relative }
.events > li::before { content: ""; position: absolute; left: -.38rem; top: .42rem; width: .65rem; height: .65rem; border-radius: 50%; background: var(--edge); border: 2px solid var(--paper) }
.events p { color: var(--soft); font-size: .87rem }
.votes { display: grid; gap: .7rem }
.vote { border-left: 3px solid; padding: .1rem 0 .1rem .8rem }
.vote > * { color: var(--ink) }
.vote > .hint { color: var(--soft) }
.vote blockquote { margin-top: .2rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .83rem }
th, td { padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.t { white-space: nowrap; font-variant-numeric: tabular-nums }
.rows { display: grid; gap: .6rem; list-style: none; padding: 0 }
.row { position: relative; border: 1px solid var(--line); border-radius: .55rem; padding: .75rem .95rem; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .2rem 1.2rem; align-items: start }
.row h3 { font-size: 1rem }
.row h3 a { color: inherit; text-decoration: none }
.row h3 a::after { content: ""; position: absolute; inset: 0; border-radius: .55rem }
.row:has(h3 a):hover { border-color: var(--edge); background: var(--wash) }
.row h3 a:hover { text-decoration: underline }
.row p { font-size: .9rem; color: var(--soft) }
.row .side { text-align: right; font-size: .87rem; color: var(--soft); display: grid; gap: .2rem; justify-items: end }
.row .side strong { color: var(--ink); font-size: 1rem; font-weight: 650 }
.row:target { border-color: var(--key); box-shadow: 0 0 0 1px var(--key) }
.row.mine { border-left: 4px solid var(--warn); padding-left: calc(.95rem - 3px) }`;

const NARROW = `
@media (max-width: 56rem) {
  main.two { grid-template-columns: minmax(0, 1fr) }
  .aside { border-top: 1px solid var(--line); padding-top: 1.2rem }
  .stick { position: static; max-height: none; overflow: visible; margin: 0; padding: 0 }
  .jump { display: inline-block; margin-top: .8rem; padding: .2rem 0 }
}
@media (max-width: 40rem) {
  main { padding: 1rem 1rem 2rem }
  .top { padding: .55rem 1rem; gap: .1rem .8rem }
  .top nav { order: 3; width: 100%; margin-left: -.5rem }
  .top nav a { padding: .3rem .5rem }
  .me span { display: none }
  h1 { font-size: 1.3rem }
  .fields > div, .pairs, .row { grid-template-columns: minmax(0, 1fr) }
  .pairs dd { margin-bottom: .4rem }
  .path li { flex-basis: 40% }
  .row .side { text-align: left; display: flex; flex-wrap: wrap; align-items: center; gap: .2rem .9rem; margin-top: .3rem }
  .events-table thead { display: none }
  .events-table tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line) }
  .events-table td { display: block; border: 0; padding: 0 }
}
@media (forced-colors: active) {
  .pill::before { background: CanvasText }
  .meter i, .from, .to { border: 1px solid CanvasText }
}
@media print {
  .top nav, .me, .jump, .acts, .skip, .exit { display: none }
  .stick { position: static; max-height: none }
}`;

export const STYLE = [TOKENS, BASE, FRAME, EVIDENCE, DECISION, HISTORY, NARROW].join('\n').trim();

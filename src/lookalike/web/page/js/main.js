// The start: theme, keys, the bar, and the view that the address names.

import { el, fill } from "./dom.js";
import { follow, go } from "./router.js";
import { startTheme } from "./theme.js";
import { keysOfView, startKeys } from "./keys.js";
import { complain, problem, startNotes, waits } from "./notes.js";
import { Shell } from "./shell.js";
import { VIEWS } from "./views.js";

startTheme();
startKeys();
startNotes();

const main = document.getElementById("main");
const shell = new Shell(document.getElementById("top"));
let shown = { name: "", view: null };

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
start();

async function start() {
  fill(main, waits("Starting"));
  try {
    await shell.start();
  } catch (error) {
    fill(main, problem(error, start));
    return;
  }
  follow(show);
}

async function show({ view: wanted, params }) {
  const view = VIEWS.find((one) => one.name === wanted && shell.offers(one));
  if (!view) {
    go("search", {}, { replace: true });
    return;
  }
  shell.mark(view.name);
  if (shown.name === view.name) {
    shown.view?.follow(params);
    return;
  }
  shown.view?.close();
  keysOfView([]);
  shown = { name: view.name, view: null };
  document.title = `${view.title} · lookalike`;
  const place = el("div", { class: `view ${view.name}` });
  const later = setTimeout(() => fill(main, waits(view.title)), 150);
  try {
    const made = await view.load();
    if (shown.name !== view.name) return;
    clearTimeout(later);
    fill(main, place);
    scrollTo(0, 0);
    shown.view = made.open(place, shell);
    shown.view.follow(params);
  } catch (error) {
    clearTimeout(later);
    fill(main, problem(error));
  }
}

addEventListener("unhandledrejection", (event) => complain(event.reason));

// Keys of the page and of the view that shows, and the sheet that lists them.

import { el, fill, sheet } from "./dom.js";

const everywhere = [];
let ofView = [];

/** Keys that hold in every view: [{keys: ["?"], says, act}]. */
export function keysEverywhere(list) {
  everywhere.push(...list);
}

/** Keys of the view that shows; they replace those of the last one. */
export function keysOfView(list) {
  ofView = list;
}

/** Listens; a key typed into a field, or while a dialog is open, is left alone. */
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.defaultPrevented || isTyping(event) || document.querySelector("dialog[open]")) return;
    const pressed = spelled(event);
    const found = [...ofView, ...everywhere].find((one) => one.keys.includes(pressed));
    if (!found || found.act(event) === false) return;
    event.preventDefault();
  });
}

function spelled(event) {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `Ctrl+${name}` : name;
}

function isTyping(event) {
  const at = event.target;
  if (at.isContentEditable || at.tagName === "TEXTAREA" || at.tagName === "SELECT") return true;
  if (at.tagName === "INPUT") return true;
  // Enter and space belong to the button that has the focus.
  return (event.key === "Enter" || event.key === " ") && at.closest("button, a, summary") !== null && !at.closest("[data-own-keys]");
}

const SHOWN = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "space", Escape: "Esc" };

/** Opens the sheet of keys. */
export function showKeys() {
  const rows = (list) => list.filter((one) => one.says).flatMap((one) => [
    el("dt", {}, one.keys.map((key) => el("kbd", { text: SHOWN[key] || key.toUpperCase().replace("CTRL", "Ctrl") }))),
    el("dd", { text: one.says }),
  ]);
  const part = (title, list) => (list.length ? [el("h3", { text: title }), el("dl", { class: "keys-list" }, rows(list))] : []);
  fill(sheet("Keys").body, part("In this view", ofView), part("Everywhere", everywhere));
}

// What the page says by itself: problems, empty places, short messages, words for a screen reader.

import { el, button, icon, settled } from "./dom.js";
import { visible } from "./words.js";

/** A problem as what, where and mend, with a way to try again. */
export function problem(error, again) {
  const known = "what" in error;
  return el("div", { class: "problem", role: "alert" },
    el("p", { class: "what", text: known ? sentence(error.what) : "The page met something that it did not expect" }),
    known && error.where ? el("p", { text: visible(error.where) }) : null,
    el("p", { class: "mend", text: known ? error.mend : String(error.message || error) }),
    again ? el("p", {}, button("Try again", again)) : null);
}

function sentence(text) {
  return visible(text).replace(/([^.!?])$/, "$1.");
}

/** A place with nothing in it, which says why and what to do. */
export function empty(sign, title, text, ...more) {
  return el("div", { class: "empty" }, icon(sign), el("h2", { text: title }), text ? el("p", { text }) : null, more);
}

/** That something is being waited for. */
export function waits(text) {
  return el("span", { class: "waits", role: "status", text });
}

let spoken;
let toasts;

/** Places for messages; called once. */
export function startNotes() {
  spoken = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
  toasts = el("div", { class: "toasts" });
  document.body.append(spoken, toasts);
}

/** Tells a screen reader. */
export function say(text) {
  spoken.textContent = "";
  requestAnimationFrame(() => {
    spoken.textContent = text;
  });
}

/** Tells a screen reader once things have come to rest. */
export const settledSay = settled(say, 900);

/** A short message, with something to do about it if wanted: {label, act}. */
export function toast(text, { action = null, lasts_ms = 6000 } = {}) {
  const shown = el("div", { class: "toast" }, el("span", { text }));
  const away = () => shown.remove();
  if (action) {
    shown.append(button(action.label, () => {
      away();
      action.act();
    }, { icon: action.icon }));
  }
  shown.append(button("Close", away, { icon: "close", kind: "plain", only: true }));
  toasts.replaceChildren(shown);
  say(text);
  setTimeout(away, lasts_ms);
  return away;
}

/** A problem as a short message. */
export function complain(error) {
  if (error.name === "AbortError") return;
  toast([error.what || error.message, error.mend].filter(Boolean).join(" · "), { lasts_ms: 12000 });
}

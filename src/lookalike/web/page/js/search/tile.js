// A picture in the grid.

import { el, button } from "../dom.js";
import { thumbnail } from "../api.js";
import { name, percent, verdict } from "../words.js";

/** The cell of a picture of the library. */
export function browsed(item, box, like) {
  const { file, folder } = name(item.path);
  return [tile(item, box, file, el("span", { class: "over", text: folder + file })), corner(item, like)];
}

/** The cell of an answer: verdict and probability stand below, or that it is still looked at. */
export function found(hit, box, like) {
  const { file } = name(hit.path);
  const sure = hit.doubtful ? el("span", { class: "checking", text: "checking" }) : el("span", { class: "percent", text: percent(hit.probability) });
  const label = `${file}: ${hit.verdict}, ${hit.doubtful ? "checking" : `${percent(hit.probability)} sure`}`;
  return [
    tile(hit, box, label, null),
    corner(hit, like),
    el("div", { class: "under" }, verdict(hit), sure, el("span", { class: "file", text: file, title: hit.path })),
  ];
}

function tile(item, box, label, over) {
  const image = el("img", { src: thumbnail(item.digest, Math.max(box.width, box.height)), alt: "", decoding: "async", draggable: "false" });
  const made = el("button", { type: "button", class: "tile", "aria-label": label }, image, over);
  image.addEventListener("error", () => image.replaceWith(el("span", { class: "gone", text: "cannot be read now" })), { once: true });
  return made;
}

function corner(item, like) {
  return button("More like this", () => like(item), { icon: "more", kind: "corner", only: true, tabindex: "-1" });
}

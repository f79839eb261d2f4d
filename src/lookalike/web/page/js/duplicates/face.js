// Two pictures of a group against each other: side by side, in turns at one place, or what differs.

import { el, fill, button } from "../dom.js";
import { difference, laid, view } from "../api.js";
import { say } from "../notes.js";
import { name, percent, pixels, size, verdict, visible } from "../words.js";

const FLICKER_MS = 550;

const WAYS = {
  side: { title: "Side by side", key: "B" },
  flicker: { title: "Flicker", key: "F" },
  difference: { title: "Difference", key: "D" },
};

export class Face {
  constructor() {
    this.way = "side";
    this.ways = el("div", { class: "segments", role: "group", "aria-label": "How to compare" },
      Object.entries(WAYS).map(([way, { title, key }]) => button(title, () => this.turn(way), { key, "data-way": way, "aria-pressed": String(way === this.way) })));
    this.says = el("div", { class: "row pair-says" });
    this.stage = el("div", { class: "face" });
    this.place = el("section", { class: "facing", "aria-label": "Comparing" }, el("div", { class: "row" }, this.ways, this.says), this.stage);
  }

  /** Another way to compare. */
  turn(way) {
    this.way = way;
    for (const one of this.ways.children) one.setAttribute("aria-pressed", String(one.dataset.way === way));
    this.draw();
    say(WAYS[way].title);
  }

  /** Shows `one`, which stays, against `other`; `pair` says what they are to each other. */
  show(one, other, pair) {
    Object.assign(this, { one, other, pair });
    this.draw();
  }

  close() {
    clearInterval(this.timer);
  }

  draw() {
    clearInterval(this.timer);
    if (!this.one) return;
    fill(this.says, this.pair ? [verdict(this.pair), el("span", { class: "numbers", text: `${percent(this.pair.probability)} sure` }), el("span", { class: "soft", text: visible(this.pair.reason) })] : null);
    this.stage.dataset.way = this.way;
    if (this.way === "side") fill(this.stage, figure(this.one, this.other), figure(this.other, this.one));
    else if (this.way === "flicker") this.flicker();
    else this.differ();
  }

  flicker() {
    const { one, other } = this;
    const over = one.digest === other.digest ? view(one.digest, 1024) : laid(one.digest, other.digest);
    const both = [[one, view(one.digest, 1024)], [other, over]].map(([member, src]) => el("img", { src, alt: visible(member.path), decoding: "async" }));
    const label = el("figcaption", {});
    const paused = button("Pause", () => stop(), { kind: "plain" });
    let shown = 0;
    const turn = () => {
      shown = 1 - shown;
      both.forEach((image, i) => image.classList.toggle("away", i !== shown));
      label.textContent = name([this.one, this.other][shown].path).file;
    };
    const stop = () => {
      clearInterval(this.timer);
      this.timer = 0;
      paused.replaceWith(button("Turn", turn, { kind: "plain" }));
    };
    fill(this.stage, el("figure", {}, el("div", { class: "well laid" }, both), el("div", { class: "row center" }, label, paused)));
    turn();
    // Who wants no motion turns by hand.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) stop();
    else this.timer = setInterval(turn, FLICKER_MS);
  }

  differ() {
    if (this.one.digest === this.other.digest) {
      fill(this.stage, el("p", { class: "soft equal", text: "Every byte is the same: there is no difference to show." }));
      return;
    }
    const image = el("img", { src: difference(this.one.digest, this.other.digest), alt: "Where the two differ: the darker or brighter, the more", decoding: "async" });
    image.addEventListener("error", () => fill(this.stage, el("p", { class: "soft equal", text: "The difference cannot be shown: one of the files cannot be read now." })));
    fill(this.stage, el("figure", {}, el("div", { class: "well" }, image), el("figcaption", { class: "soft", text: "One laid over the other, as their details tell. What stands out differs; what is grey lies outside." })));
  }
}

function figure(member, than) {
  const { file, folder } = name(member.path);
  const better = (mine, theirs) => (mine > theirs ? "better" : null);
  return el("figure", {},
    el("div", { class: "well" }, el("img", { src: view(member.digest, 1024), alt: visible(member.path), decoding: "async" })),
    el("figcaption", {},
      el("strong", { text: file }), folder ? el("span", { class: "soft", text: ` in ${folder}` }) : null,
      el("div", { class: "soft numbers" },
        el("span", { class: better(member.width_px * member.height_px, than.width_px * than.height_px), text: pixels(member.width_px, member.height_px) }), " · ",
        el("span", { class: better(member.size_bytes, than.size_bytes), text: size(member.size_bytes) }), ` · ${member.format}`,
        member.taken ? ` · taken ${member.taken.replace("T", " ")}` : "")));
}

// What is asked: the picture, and the ways to give another one.

import { el, fill, button, icon, sheet } from "../dom.js";
import { thumbnail } from "../api.js";
import { choose } from "./uploads.js";

export class Query {
  /** `taken(file)` gets a chosen or drawn picture; `cleared()` hears that the query goes away. */
  constructor({ taken, cleared }) {
    this.taken = taken;
    this.place = el("div", { class: "query card" });
    this.cleared = cleared;
  }

  /** Shows the ways to ask; `asked` is {shown, label} or null. */
  show(asked) {
    const ways = el("div", { class: "row" },
      button(asked ? "Another picture" : "Choose a picture", async () => {
        const file = await choose();
        if (file) this.taken(file);
      }, { icon: "upload", kind: asked ? "" : "main", key: "O" }),
      button("Draw one", () => this.draw(), { icon: "draw", key: "D" }),
      asked ? button("The whole library", this.cleared, { icon: "close", kind: "plain", key: "Esc" }) : null);
    fill(this.place,
      asked
        ? el("img", { class: "asked", src: asked.shown, alt: `The query: ${asked.label}` })
        : el("span", { class: "asked blank" }, icon("picture")),
      el("div", { class: "stack" },
        el("p", { class: "says" }, asked ? el("strong", { text: asked.label }) : el("strong", { text: "Which pictures are like yours?" })),
        asked ? null : el("p", { class: "soft small", text: "Drop a picture anywhere, paste one, or click one below." }),
        ways));
  }

  /** Opens a sheet to draw on. */
  async draw() {
    const { Pad } = await import("../draw/pad.js");
    const pad = new Pad({ label: "Your drawing" });
    const page = sheet("Draw what you look for");
    const done = async () => {
      if (pad.isEmpty) return;
      const blob = await pad.blob();
      page.close();
      this.taken(new File([blob], "your drawing", { type: "image/png" }));
    };
    fill(page.body, pad.place, el("div", { class: "row" }, button("Find what is like it", done, { icon: "search", kind: "main" })));
  }
}

/** A picture of the library as a query. */
export function asked(picture) {
  return { shown: thumbnail(picture.digest, 240), label: `Like ${picture.path.split("/").at(-1)}` };
}

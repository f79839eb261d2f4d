// A place for one picture: dropped, pasted, chosen, or named from the library.

import { el, fill, button, icon } from "../dom.js";
import { get, view } from "../api.js";
import { complain } from "../notes.js";
import { choose, pictureIn } from "../search/uploads.js";
import { name } from "../words.js";

export class Slot {
  /** `changed(digest)` hears of another picture: its digest, or "" for a file or for none. */
  constructor({ letter, changed, optional = false }) {
    Object.assign(this, { letter, changed, optional, given: null });
    this.well = el("div", { class: "well" });
    this.caption = el("div", { class: "row slot-tools" });
    this.place = el("section", { class: "slot", "aria-label": `Picture ${letter}` }, el("div", { class: "frame" }, this.well), this.caption);
    this.place.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.place.classList.add("over");
    });
    this.place.addEventListener("dragleave", () => this.place.classList.remove("over"));
    this.place.addEventListener("drop", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.place.classList.remove("over");
      this.put(pictureIn(event.dataTransfer));
    });
    this.draw();
  }

  /** Takes a picture of the library; nothing where it is there already. */
  async name(digest) {
    if (!digest || this.given?.digest === digest) return;
    try {
      const picture = await get(`pictures/${digest}`);
      this.given = { digest, shown: view(digest, 1024), label: name(picture.path).file };
    } catch (error) {
      this.given = null;
      complain(error);
    }
    this.draw();
  }

  put(file) {
    if (!file) return;
    if (this.given?.file) URL.revokeObjectURL(this.given.shown);
    this.given = { file, shown: URL.createObjectURL(file), label: file.name };
    this.draw();
    this.changed("");
  }

  clear() {
    this.given = null;
    this.draw();
    this.changed("");
  }

  /** As a part of the form that is sent. */
  get part() {
    const { given, letter } = this;
    const key = letter.toLowerCase();
    return given.digest ? [`${key}_digest`, given.digest] : [key, given.file];
  }

  draw() {
    const { given, letter } = this;
    const image = given && el("img", { src: given.shown, alt: `${letter}: ${given.label}` });
    image?.addEventListener("error", () => fill(this.well, el("p", { class: "soft", text: `${given.label} (this browser cannot show it; it is compared all the same)` })));
    fill(this.well, image || el("div", { class: "invite soft" }, icon("picture"), el("p", { text: this.optional ? "A third one, if you like" : "Drop a picture here" })));
    this.place.classList.toggle("filled", Boolean(given));
    fill(this.caption, el("span", { class: "letter", text: letter }),
      given ? el("span", { class: "slot-name", text: given.label }) : null,
      button(given ? "Another" : "Choose", async () => this.put(await choose()), { icon: "upload", kind: given ? "plain push" : "push" }),
      given ? button(`Take ${letter} away`, () => this.clear(), { icon: "close", kind: "plain", only: true }) : null);
  }
}

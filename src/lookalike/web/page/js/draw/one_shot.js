// One-shot classes: one example each, drawn or dropped; then a drawing is recognised, or rejected.

import { el, fill, button } from "../dom.js";
import { upload } from "../api.js";
import { problem, settledSay } from "../notes.js";
import { percent, visible } from "../words.js";
import { newest } from "./live.js";
import { Pad } from "./pad.js";

const NONE = "none of these";
const FIRST = ["A", "B", "C"];
const LEAST = 2;

export class OneShot {
  /** `how()` gives {model, ink, width} as set above. */
  constructor(place, how) {
    this.how = how;
    this.ask = newest(() => this.recognise());
    this.classes = [];
    this.row = el("div", { class: "examples" });
    this.query = new Pad({ label: "Which of them is this?", changed: () => this.ask() });
    this.answer = el("div", { class: "answer", role: "status" });
    fill(place,
      el("header", { class: "stack" }, el("h2", { text: "Classes from one example each" }),
        el("p", { class: "soft", text: "Give each class one example, drawn or dropped. Then draw: it is recognised, or called none of these. To say “none of these”, three classes are needed." })),
      this.row,
      el("div", { class: "row" }, button("Another class", () => this.add(), { icon: "plus" })),
      el("div", { class: "asking" }, this.query.place, this.answer));
    for (const name of FIRST) this.add(name);
    this.follow();
  }

  add(name = String.fromCharCode(65 + this.classes.length % 26)) {
    const label = el("input", { class: "field", value: name, "aria-label": "Name of the class", maxlength: "60", on: { input: () => this.ask() } });
    const pad = new Pad({ label: `Example ${this.classes.length + 1}`, changed: () => this.ask() });
    const one = { label, pad };
    const away = button("Take the class away", () => {
      this.classes.splice(this.classes.indexOf(one), 1);
      card.remove();
      this.ask();
    }, { icon: "close", kind: "plain", only: true });
    const card = el("div", { class: "example" }, el("div", { class: "row named-class" }, label, away), pad.place);
    one.card = card;
    this.classes.push(one);
    this.row.append(card);
    this.follow();
  }

  /** Takes over ink and pen from above. */
  follow() {
    const { ink, width } = this.how();
    for (const pad of [this.query, ...this.classes.map((one) => one.pad)]) {
      pad.width = width;
      if (pad.ink !== ink) pad.setInk(ink);
      else pad.told();
    }
  }

  get given() {
    const named = new Set();
    return this.classes.filter(({ pad, label }) => {
      const name = label.value.trim();
      const fresh = name !== "" && !named.has(name) && !pad.isEmpty;
      if (fresh) named.add(name);
      return fresh;
    });
  }

  async recognise() {
    const { given } = this;
    if (given.length < LEAST || this.query.isEmpty) {
      const missing = given.length < LEAST ? `${LEAST - given.length} more ${LEAST - given.length === 1 ? "example" : "examples"}` : "your drawing";
      fill(this.answer, el("p", { class: "soft", text: `Waiting for ${missing}.` }));
      this.mark("");
      return;
    }
    try {
      const examples = await Promise.all(given.map(async ({ pad, label }) => ["examples", await pad.blob(), label.value.trim()]));
      const parts = examples.flatMap(([key, blob, label]) => [[key, blob], ["labels", label]]);
      const report = await upload("recognise", [...parts, ["query", await this.query.blob()], ["model", this.how().model]]);
      this.tell(report.pictures[0]);
    } catch (error) {
      if (error.name !== "AbortError") fill(this.answer, problem(error));
    }
  }

  tell(said) {
    const known = said.answer !== NONE;
    this.mark(known ? said.answer : "");
    fill(this.answer,
      el("span", { class: `verdict ${known ? "sure" : "apart"}`, text: known ? visible(said.answer) : NONE }),
      el("p", { class: "sure-of numbers", text: known ? `${percent(said.probability)} sure` : "" }),
      el("ol", { class: "guesses" }, said.guesses.map((guess) => el("li", {},
        el("span", { text: visible(guess.class) }), el("span", { class: "bar", "aria-hidden": "true" }, el("span", { style: { width: `${(100 * guess.probability).toFixed(1)}%` } })), el("span", { class: "numbers", text: percent(guess.probability) })))));
    settledSay(known ? `Recognised as ${said.answer}, ${percent(said.probability)} sure` : "None of these");
  }

  /** Marks the class that was recognised. */
  mark(name) {
    for (const { card, label } of this.classes) card.classList.toggle("recognised", name !== "" && label.value.trim() === name);
  }
}

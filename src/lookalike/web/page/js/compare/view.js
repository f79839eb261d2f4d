// Compare: what two pictures are to each other, or which two of three go together.

import { el, fill, button } from "../dom.js";
import { get, upload } from "../api.js";
import { change } from "../router.js";
import { keysOfView } from "../keys.js";
import { problem, settledSay, waits } from "../notes.js";
import { meter } from "../draw/view.js";
import { newest } from "../draw/live.js";
import { pictureIn } from "../search/uploads.js";
import { alikeness, percent, verdict, visible } from "../words.js";
import { Slot } from "./slot.js";
import { why } from "./why.js";

export function open(place, shell) {
  return new Compare(place, shell);
}

class Compare {
  constructor(place, shell) {
    this.shell = shell;
    this.ask = newest(() => this.compare());
    this.slots = ["A", "B", "C"].map((letter) => new Slot({
      letter, optional: letter === "C",
      changed: (digest) => {
        change({ [letter.toLowerCase()]: digest });
        this.ask();
      },
    }));
    this.model = el("select", { class: "field", on: { change: () => change({ model: this.model.value }) } });
    this.answer = el("div", { class: "answers", role: "status" });
    fill(place,
      el("header", { class: "row" }, el("h1", { text: "Compare" }), el("label", { class: "named push" }, "Model", this.model)),
      el("div", { class: "slots" }, this.slots.map((slot) => slot.place)),
      this.answer);
    this.paste = (event) => {
      const file = pictureIn(event.clipboardData);
      const free = this.slots.find((slot) => !slot.given) || this.slots[2];
      if (file) free.put(file);
    };
    document.addEventListener("paste", this.paste);
    keysOfView([{ keys: ["x"], says: "Take all pictures away", act: () => this.slots.forEach((slot) => slot.given && slot.clear()) }]);
    this.ready = get("models").then(({ models }) => {
      fill(this.model, models.filter((one) => !one.problem).map((one) => el("option", { value: one.name, text: one.name })));
    });
  }

  close() {
    document.removeEventListener("paste", this.paste);
  }

  async follow(params) {
    try {
      await Promise.all([this.ready, ...this.slots.map((slot) => slot.name(params.get(slot.letter.toLowerCase())))]);
    } catch (error) {
      fill(this.answer, problem(error));
      return;
    }
    const wanted = params.get("model") || this.shell.status.model;
    if ([...this.model.options].some((one) => one.value === wanted)) this.model.value = wanted;
    this.ask();
  }

  async compare() {
    const given = this.slots.filter((slot) => slot.given);
    if (given.length < 2) {
      fill(this.answer, el("p", { class: "soft hint-line", text: given.length ? "Now a second picture." : "Drop, paste or choose two pictures; or open one in Search and take “Compare” there." }));
      return;
    }
    const late = setTimeout(() => fill(this.answer, waits("Comparing")), 250);
    try {
      const parts = given.map((slot, i) => rename(slot.part, "abc"[i]));
      const report = await upload("compare", [...parts, ["model", this.model.value]]);
      this.tell(report, given);
    } catch (error) {
      fill(this.answer, problem(error, () => this.ask()));
    } finally {
      clearTimeout(late);
    }
  }

  /** A button that shows which parts make a pair alike. */
  asksWhy(given, i) {
    const [one, other] = SIDES[i].map((side) => given[side]);
    const place = el("div", { class: "why-place" });
    const asks = button("Show why", async () => {
      asks.disabled = true;
      fill(place, waits("Covering part after part"));
      try {
        const parts = [rename(one.part, "a"), rename(other.part, "b"), ["model", this.model.value]];
        fill(place, await why(parts, [one.given.shown, other.given.shown], [one.letter, other.letter]));
        asks.remove();
      } catch (error) {
        asks.disabled = false;
        fill(place, problem(error));
      }
    }, { icon: "info" });
    return el("div", { class: "stack" }, el("div", { class: "row" }, asks), place);
  }

  tell(report, given) {
    const [a, b, c] = given.map((slot) => slot.letter);
    const names = report.pairs.length === 1 ? [`${a} and ${b}`] : [`${a} and ${b}`, `${a} and ${c}`, `${b} and ${c}`];
    const cards = report.pairs.map((pair, i) => card(pair, names[i], report.pairs.length > 1));
    fill(this.answer, report.trio ? trio(report) : null, el("div", { class: "verdicts" }, cards));
    if (this.shell.offers({ needs: "explain" })) cards.forEach((made, i) => made.append(this.asksWhy(given, i)));
    settledSay(report.pairs.map((pair, i) => `${names[i]}: ${pair.verdict}, ${percent(pair.probability)} sure`).join(". "));
  }
}

/** The slots of each pair. */
const SIDES = [[0, 1], [0, 2], [1, 2]];

/** A form part under another letter. */
function rename([key, value], letter) {
  return [letter + key.slice(1), value];
}

function card(pair, title, several) {
  return el("div", { class: "card stack verdict-card" },
    several ? el("h2", { text: title }) : null,
    el("div", { class: "row" }, verdict(pair), el("strong", { class: "numbers", text: `${percent(pair.probability)} sure` })),
    meter(alikeness(pair)),
    el("p", { class: "soft small", text: visible(pair.reason) }));
}

/** What three pictures are to each other, as the command line says it. */
function trio({ trio: said, nearer, nearer_probability: sure, pairs, relation }) {
  const alike = relation === "same class" ? "of one class" : "alike";
  const likeliest = said.arrangements[said.alike];
  const near = nearer === pairs[0].second ? ["B", "C"] : ["C", "B"];
  return el("div", { class: "card trio stack" },
    el("p", { class: "big" }, el("strong", { text: said.alike === "none" ? `No two are ${alike}` : `${said.alike} are ${alike}` }), `, ${percent(likeliest)} sure.`),
    el("p", { class: "soft", text: `At least two of the three are ${alike}: ${percent(said.at_least_two)}. A is nearer to ${near[0]} than to ${near[1]}: ${percent(sure)}.` }));
}

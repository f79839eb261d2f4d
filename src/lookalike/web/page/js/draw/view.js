// Draw and compare: two sheets, and whether they show the same, as one draws.

import { el, fill } from "../dom.js";
import { get, upload } from "../api.js";
import { change, here } from "../router.js";
import { keysOfView } from "../keys.js";
import { problem, settledSay } from "../notes.js";
import { alikeness, percent, verdict, visible } from "../words.js";
import { Pad } from "./pad.js";
import { newest } from "./live.js";

export function open(place, shell) {
  return new Draw(place, shell);
}

class Draw {
  constructor(place, shell) {
    this.shell = shell;
    this.ask = newest(() => this.compare());
    this.pads = ["First drawing", "Second drawing"].map((label) => new Pad({ label, changed: () => this.ask() }));
    this.model = el("select", { class: "field", on: { change: () => change({ model: this.model.value }) } });
    this.ink = el("select", { class: "field", on: { change: () => change({ ink: this.ink.value }) } },
      el("option", { value: "dark", text: "dark on light" }), el("option", { value: "light", text: "light on dark" }));
    this.thick = el("input", { type: "range", min: 6, max: 60, value: "22", on: { input: () => this.widen() } });
    this.answer = el("div", { class: "answer", role: "status" });
    this.classes = el("div", { class: "one-shot" });
    fill(place,
      el("header", {}, el("h1", { text: "Draw and compare" }), el("p", { class: "soft", text: "Draw twice, or drop pictures. The answer follows your pen." })),
      el("div", { class: "row settings" },
        el("label", { class: "named" }, "Model", this.model),
        el("label", { class: "named" }, "Ink", this.ink),
        el("label", { class: "named" }, "Pen", this.thick)),
      el("div", { class: "sheets" }, this.pads[0].place, this.answer, this.pads[1].place),
      this.classes);
    keysOfView([
      { keys: ["Ctrl+z"], says: "Undo the last stroke of the sheet that has the focus", act: () => false },
      { keys: ["x"], says: "Clear both sheets", act: () => this.pads.forEach((pad) => pad.clear()) },
    ]);
    this.ready = this.models();
    this.wait();
  }

  close() {
    this.stop?.abort();
  }

  async models() {
    const { models } = await get("models");
    const usable = models.filter((one) => !one.problem);
    fill(this.model, usable.map((one) => el("option", { value: one.name, text: one.name })));
    if (!this.shell.offers({ needs: "recognise" })) return;
    const { OneShot } = await import("./one_shot.js");
    this.oneShot = new OneShot(this.classes, () => ({ model: this.model.value, ink: this.ink.value, width: Number(this.thick.value) }));
  }

  async follow(params) {
    const drawn = params.get("ink");
    try {
      await this.ready;
    } catch (error) {
      fill(this.answer, problem(error));
      return;
    }
    const wanted = params.get("model") || this.shell.status.model;
    if ([...this.model.options].some((one) => one.value === wanted)) this.model.value = wanted;
    // Digits are known to networks as light strokes on dark ground.
    this.ink.value = drawn || (/mnist/i.test(this.model.value) ? "light" : "dark");
    for (const pad of this.pads) pad.setInk(this.ink.value);
    this.oneShot?.follow();
    this.ask();
  }

  widen() {
    for (const pad of this.pads) {
      pad.width = Number(this.thick.value);
      pad.told();
    }
    this.oneShot?.follow();
  }

  wait() {
    fill(this.answer, el("p", { class: "soft", text: "Same or different? The answer comes with your first strokes on both sheets." }));
  }

  async compare() {
    if (this.pads.some((pad) => pad.isEmpty)) {
      this.wait();
      return;
    }
    const [a, b] = await Promise.all(this.pads.map((pad) => pad.blob()));
    this.stop = new AbortController();
    try {
      const report = await upload("compare", [["a", a], ["b", b], ["model", this.model.value || here().params.get("model")]], this.stop.signal);
      this.tell(report.pairs[0]);
    } catch (error) {
      if (error.name !== "AbortError") fill(this.answer, problem(error));
    }
  }

  tell(said) {
    const alike = alikeness(said);
    fill(this.answer, meter(alike), verdict(said), el("p", { class: "sure-of numbers", text: `${percent(said.probability)} sure` }), el("p", { class: "soft small", text: visible(said.reason) }));
    settledSay(`${said.verdict}, ${percent(said.probability)} sure`);
  }
}

/** A bar from different to the same. */
export function meter(alike) {
  const part = el("span", { style: { width: `${(100 * alike).toFixed(1)}%` } });
  return el("div", { class: "meter" },
    el("div", { class: "bar", "aria-hidden": "true" }, part),
    el("div", { class: "ends small soft", "aria-hidden": "true" }, el("span", { text: "different" }), el("span", { text: "same" })));
}

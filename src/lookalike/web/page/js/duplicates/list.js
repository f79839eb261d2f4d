// All groups in a column: a row each, of which only those near the window exist as elements.

import { el, fill } from "../dom.js";
import { thumbnail } from "../api.js";
import { count, verdict } from "../words.js";

const ROW_PX = 68;
const MARGIN = 6;

const SIGNS = { accepted: "✓", skipped: "–", open: "" };
const SAID = { accepted: "accepted", skipped: "skipped", open: "" };

export class List {
  /** `picked(index)` hears of a click. */
  constructor(groups, decisions, picked) {
    Object.assign(this, { groups, decisions, picked, at: 0 });
    this.inside = el("div", { class: "groups-inside" });
    this.place = el("nav", { class: "groups", "aria-label": "Groups" }, this.inside);
    this.place.addEventListener("scroll", () => this.ask(), { passive: true });
    this.sizes = new ResizeObserver(() => this.ask());
    this.sizes.observe(this.place);
  }

  close() {
    this.sizes.disconnect();
  }

  ask() {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  /** Marks a group as the one that shows, and brings it into sight. */
  show(index) {
    this.at = index;
    const top = index * ROW_PX;
    const { scrollTop, clientHeight } = this.place;
    if (top < scrollTop) this.place.scrollTop = top;
    else if (top + ROW_PX > scrollTop + clientHeight) this.place.scrollTop = top + ROW_PX - clientHeight;
    this.draw();
  }

  draw() {
    const { groups, place } = this;
    this.inside.style.setProperty("height", `${groups.total * ROW_PX}px`);
    const first = Math.max(0, Math.floor(place.scrollTop / ROW_PX) - MARGIN);
    const last = Math.min(groups.total, Math.ceil((place.scrollTop + place.clientHeight) / ROW_PX) + MARGIN);
    const rows = [];
    for (let index = first; index < last; index += 1) {
      const group = groups.at(index);
      if (group) rows.push(this.row(group, index));
      else groups.get(index).then((came) => came && this.ask());
    }
    const focused = document.activeElement?.dataset?.group;
    fill(this.inside, rows);
    if (focused !== undefined) this.inside.querySelector(`[data-group="${focused}"]`)?.focus({ preventScroll: true });
  }

  row(group, index) {
    const { state } = this.decisions.of(group);
    const words = `Group ${index + 1}: ${group.members.length} files, ${group.verdict} ${SAID[state]}`.trim();
    return el("button", {
      type: "button", class: `group-row ${state}`, "aria-label": words, "aria-current": index === this.at ? "true" : null, tabindex: index === this.at ? "0" : "-1",
      data: { group: index }, style: { top: `${index * ROW_PX}px` }, on: { click: () => this.picked(index) },
    },
    el("img", { src: thumbnail(group.members[0].digest, 100), alt: "", loading: "lazy", decoding: "async" }),
    el("span", { class: "stack" }, el("span", { class: "small", text: count(group.members.length, "file") }), verdict(group)),
    el("span", { class: "sign", text: SIGNS[state] }));
  }
}

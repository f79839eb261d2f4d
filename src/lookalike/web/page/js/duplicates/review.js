// One group under review: its files, which of them stay, and how two of them compare.

import { el, fill, button } from "../dom.js";
import { thumbnail } from "../api.js";
import { name, percent, pixels, size, verdict, visible } from "../words.js";
import { Face } from "./face.js";
import { pairOf } from "./groups.js";

export class Review {
  /** `acts`: {accept, keep, apart, skip, undo}, what the buttons do. */
  constructor(decisions, acts) {
    Object.assign(this, { decisions, acts });
    this.face = new Face();
    this.title = el("div", { class: "row group-title" });
    this.strip = el("div", { class: "strip", role: "listbox", "aria-label": "Files of the group", "aria-orientation": "horizontal" });
    this.tools = el("div", { class: "row acts" });
    this.place = el("section", { class: "review", "aria-label": "Group" }, this.title, this.strip, this.tools, this.face.place);
  }

  close() {
    this.face.close();
  }

  /** Shows a group; the first file that would go has the focus, unless `path` names another. */
  show(group, index, total, path) {
    const keep = this.decisions.of(group).keep;
    const wanted = group.members.findIndex((member) => member.path === path);
    const first = group.members.findIndex((member) => !keep.has(member.path));
    Object.assign(this, { group, index, total, at: wanted >= 0 ? wanted : Math.max(0, first) });
    this.draw();
  }

  get member() {
    return this.group.members[this.at];
  }

  /** The file that the one in focus is held against: the first that stays, or the next best. */
  get against() {
    const { keep } = this.decisions.of(this.group);
    const others = this.group.members.filter((member) => member !== this.member);
    return others.find((member) => member.path === this.group.keeper && keep.has(member.path)) || others.find((member) => keep.has(member.path)) || others[0];
  }

  /** Goes to the next (1) or last (-1) file. */
  step(by) {
    const many = this.group.members.length;
    this.at = (this.at + by + many) % many;
    this.draw();
    this.strip.children[this.at].focus({ preventScroll: false });
  }

  draw() {
    const { group, decisions } = this;
    const { state, keep } = decisions.of(group);
    const least = percent(group.probability);
    const sure = group.members.length > 2 ? `every pair at least ${least} sure`.replace("at least >", "more than") : `${least} sure`;
    fill(this.title,
      el("h2", { text: `Group ${(this.index + 1).toLocaleString("en")} of ${this.total.toLocaleString("en")}` }),
      verdict(group), el("span", { class: "soft numbers", text: sure }),
      this.whyKept(keep),
      state === "open" ? null : el("span", { class: `state ${state}`, text: state === "accepted" ? "✓ accepted" : "skipped" }));
    const focused = this.strip.contains(document.activeElement);
    fill(this.strip, group.members.map((member, i) => this.card(member, i, keep)));
    if (focused) this.strip.children[this.at].focus({ preventScroll: true });
    this.buttons(keep);
    const pair = pairOf(group, this.against.path, this.member.path) || (this.against.digest === this.member.digest
      ? { verdict: "same file", probability: 1, reason: "every byte is the same" } : null);
    const [one, other] = keep.has(this.member.path) && !keep.has(this.against.path) ? [this.member, this.against] : [this.against, this.member];
    this.face.show(one, other, pair);
  }

  card(member, i, keep) {
    const stays = keep.has(member.path);
    const { file } = name(member.path);
    const words = stays ? "stays" : "moves aside";
    return el("div", {
      class: `member ${stays ? "stays" : "goes"}`, role: "option", tabindex: i === this.at ? "0" : "-1", "aria-selected": String(i === this.at),
      "aria-label": `${file}, ${words}, ${pixels(member.width_px, member.height_px)}, ${size(member.size_bytes)}`,
      title: visible(member.path),
      data: { ownKeys: "" },
      on: {
        click: () => {
          this.at = i;
          this.draw();
        },
        dblclick: () => this.acts.keep(),
      },
    },
    el("div", { class: "well" }, el("img", { src: thumbnail(member.digest, 160), alt: "", decoding: "async" })),
    el("span", { class: "badge", text: stays ? "stays" : "goes" }),
    el("span", { class: "file", text: file }),
    el("span", { class: "soft small numbers", text: `${pixels(member.width_px, member.height_px)} · ${size(member.size_bytes)}` }));
  }

  buttons(keep) {
    const { acts, group, member } = this;
    const stays = keep.has(member.path);
    const going = group.members.length - keep.size;
    const last = stays && keep.size === 1;
    fill(this.tools,
      button(going ? `Accept: ${going} ${going === 1 ? "goes" : "go"}` : "Accept: all stay", acts.accept, { icon: "check", kind: "main", key: "⏎" }),
      button(stays ? "Give it up" : "Keep it", acts.keep, { key: "K", disabled: last, title: last ? "The last file that stays cannot be given up: keep another one first" : null }),
      button("Not a duplicate", acts.apart, { key: "N", disabled: this.against.digest === member.digest }),
      button("Skip", acts.skip, { key: "S" }),
      button("Undo", acts.undo, { icon: "undo", key: "U", kind: "plain", disabled: !this.decisions.steps.length }));
  }

  /** Why the suggested file is the one that stays. */
  whyKept(keep) {
    const { keeper, keeper_reason: why } = this.group;
    return why && keep.has(keeper) ? el("span", { class: "soft small why-kept", text: `${name(keeper).file} stays: ${visible(why)}` }) : null;
  }
}

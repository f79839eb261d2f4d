// One picture in full size, with what its file tells and why it was found.

import { el, fill, button } from "../dom.js";
import { get, view } from "../api.js";
import { address } from "../router.js";
import { complain, say } from "../notes.js";
import { moment, name, percent, pixels, RUNGS, size, verdict, visible } from "../words.js";
import { zoomable } from "./zoom.js";

export class Viewer {
  /** `step(index)` gives the picture at a place or null; `query` is what was asked: {shown, name} or null. */
  constructor({ step, total, query, closed }) {
    Object.assign(this, { step, total, query, closed });
    this.image = el("img", { class: "full", alt: "", draggable: "false" });
    this.stage = el("div", { class: "stage", tabindex: "-1", autofocus: true }, this.image,
      button("Picture before", () => this.go(-1), { icon: "left", kind: "turn back", only: true }),
      button("Next picture", () => this.go(1), { icon: "right", kind: "turn on", only: true }));
    this.facts = el("aside", { class: "facts", "aria-label": "About the picture" });
    this.box = el("dialog", { class: "viewer", "aria-label": "Picture in full size" }, this.stage, this.facts);
    this.zoom = zoomable(this.stage, this.image);
    this.image.addEventListener("error", () => this.stage.classList.add("lost"));
    this.image.addEventListener("load", () => this.stage.classList.remove("lost", "loading"));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("close", () => {
      this.box.remove();
      closed(this.index);
    });
  }

  async open(index) {
    document.body.append(this.box);
    this.box.showModal();
    await this.show(index);
  }

  async go(by) {
    await this.show(this.index + by);
  }

  async show(index) {
    const item = await this.step(index).catch(complain);
    if (!item) return;
    Object.assign(this, { index, item });
    this.zoom.reset();
    this.stage.classList.add("loading");
    this.image.src = view(item.digest);
    this.image.alt = visible(item.path);
    this.stage.querySelector(".back").disabled = index === 0;
    this.stage.querySelector(".on").disabled = index === this.total - 1;
    this.tell(item, null);
    say(`${name(item.path).file}${item.verdict ? `, ${item.verdict}, ${percent(item.probability)} sure` : ""}`);
    const more = await get(`pictures/${item.digest}`).catch(() => null);
    if (more && this.item === item) this.tell(item, more);
    const next = await this.step(index + 1).catch(() => null);
    if (next) new Image().src = view(next.digest);
  }

  tell(item, more) {
    const { file, folder } = name(item.path);
    const facts = { ...item, ...more };
    const others = (more ? more.files.map((one) => one.path) : item.also_at || []).filter((path) => path !== item.path);
    const lines = [
      ["Pixels", `${pixels(facts.width_px, facts.height_px)} · ${((facts.width_px * facts.height_px) / 1e6).toFixed(1)} megapixels`],
      ["File", `${size(facts.size_bytes)} · ${facts.format}${facts.mode ? ` · ${facts.mode}` : ""}`],
      ["Taken", facts.taken ? moment(facts.taken) : ""],
      ["Camera", facts.camera],
      ["Turned", facts.orientation > 1 ? `upright, as its EXIF says (${facts.orientation})` : ""],
      ["Changed", facts.modified ? moment(facts.modified) : ""],
      ["Folder", folder],
    ];
    fill(this.facts,
      el("div", { class: "row head" }, el("h2", { text: file }), button("Close", () => this.box.close(), { icon: "close", kind: "plain push", only: true })),
      item.verdict ? this.why(item) : null,
      el("dl", { class: "pairs" }, lines.filter(([, value]) => value).flatMap(([key, value]) => [el("dt", { text: key }), el("dd", { text: visible(String(value)) })])),
      others.length ? el("div", { class: "stack" }, el("h3", { text: "The same file also at" }), el("ul", { class: "others" }, others.map((path) => el("li", { text: visible(path) })))) : null,
      el("div", { class: "row" },
        el("a", { class: "button main", href: address("search", { like: item.digest }), on: { click: () => this.box.close() } }, "More like this"),
        el("a", { class: "button", href: this.comparing(item), on: { click: () => this.box.close() } }, "Compare"),
        button("Copy the path", () => navigator.clipboard.writeText(item.path).then(() => say("Copied"), complain), { kind: "plain" })));
  }

  /** Compares the picture with the query, or with one that the user brings. */
  comparing(item) {
    const asked = this.query?.digest;
    return address("compare", asked ? { a: asked, b: item.digest } : { a: item.digest });
  }

  why(item) {
    return el("div", { class: "why stack" },
      el("div", { class: "row" }, verdict(item), item.doubtful ? el("span", { class: "soft", text: "being checked closely" }) : el("strong", { class: "numbers", text: `${percent(item.probability)} sure` })),
      el("p", { text: visible(item.reason) }),
      el("p", { class: "soft small", text: `Decided by ${RUNGS[item.rung] || item.rung}.${item.score === null ? "" : ` The overall look scores ${item.score.toFixed(2)} of 1.`}` }),
      this.query ? this.flicker() : null);
  }

  /** Holding it shows the query in the picture's place. */
  flicker() {
    const show = (query) => {
      this.image.src = query ? this.query.shown : view(this.item.digest);
    };
    const held = button("Hold to see the query", () => {}, { key: "Q" });
    for (const down of ["pointerdown"]) held.addEventListener(down, () => show(true));
    for (const up of ["pointerup", "pointerleave", "blur"]) held.addEventListener(up, () => show(false));
    this.holdQuery = show;
    return held;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      ArrowLeft: () => this.go(-1), ArrowRight: () => this.go(1), "+": () => this.zoom.by(1.4), "-": () => this.zoom.by(1 / 1.4), 0: () => this.zoom.reset(),
      m: () => this.facts.querySelector("a.main").click(), q: () => !event.repeat && this.item?.verdict && this.query && this.hold(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  hold() {
    this.holdQuery(true);
    document.addEventListener("keyup", () => this.holdQuery(false), { once: true });
  }
}

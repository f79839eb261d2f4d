// Search: the whole library, or what is like a picture.

import { el, fill, button } from "../dom.js";
import { get, view as viewOf, Problem } from "../api.js";
import { change, go, here } from "../router.js";
import { keysOfView } from "../keys.js";
import { complain, empty, problem, say, toast, waits } from "../notes.js";
import { Grid } from "../grid.js";
import { count, isCopy, isDoubtful, LEVELS, visible } from "../words.js";
import { Filters, FILTER_KEYS, whereOf } from "./filters.js";
import { asked, Query } from "./query.js";
import { alike, library, listed } from "./source.js";
import { browsed, found } from "./tile.js";
import { choose, keep, keptPicture, receive } from "./uploads.js";
import { Viewer } from "./viewer.js";

const ORDERS = { path: "by name", newest: "newest first", largest: "largest first", added: "last added first" };
const FIRST_HITS = 40;
const MOST_HITS = 200;
const UNDER_PX = 50;
const AGAIN_MS = 1000;

export function open(place, shell) {
  return new Search(place, shell);
}

class Search {
  constructor(place, shell) {
    this.shell = shell;
    this.query = new Query({ taken: (file) => this.take(file), cleared: () => this.whole() });
    this.filters = new Filters((parts) => change(parts));
    this.order = el("select", { class: "field", "aria-label": "Order", on: { change: (event) => change({ order: event.target.value }) } },
      Object.entries(ORDERS).map(([value, text]) => el("option", { value, text })));
    this.levels = el("div", { class: "row levels" });
    this.headline = el("h1", { class: "headline", tabindex: "-1" });
    this.note = el("div", { class: "note" });
    this.more = el("p", { class: "more" });
    this.grid = new Grid({
      label: "Pictures", failed: (error) => fill(this.note, problem(error, () => this.follow())),
      cell: (item, box) => (item.verdict ? found : browsed)(item, box, (one) => go("search", { ...this.kept(), like: one.digest })),
      open: (item, index) => this.view(index),
    });
    fill(place,
      this.query.place,
      el("div", { class: "row line" }, this.headline, el("div", { class: "row push" },
        button("Read the folder again", () => shell.readAgain(), { icon: "again", kind: "plain", only: true }), this.order, this.filters.opener)),
      this.filters.panel, this.filters.chips, this.levels, this.note, this.grid.place, this.more);
    this.stopReceiving = receive((file) => this.take(file), () => toast("That is no picture file"));
    this.stopHearing = shell.hear((status) => this.hear(status));
    this.nearEnd = new IntersectionObserver(([seen]) => seen.isIntersecting && this.deeper(), { rootMargin: "600px" });
    this.nearEnd.observe(this.more);
    keysOfView([
      { keys: ["o"], says: "Choose a picture to look for", act: async () => this.take(await choose()) },
      { keys: ["d"], says: "Draw what you look for", act: () => this.query.draw() },
      { keys: ["m"], says: "More like the picture that has the focus", act: () => this.moreLike() },
      { keys: ["f", "/"], says: "Filter", act: () => this.filters.open(true) },
      { keys: ["r"], says: "Read the folder again", act: () => shell.readAgain() },
      { keys: ["Escape"], says: "Back to the whole library", act: () => this.whole() },
      { keys: ["ArrowDown", "ArrowRight"], says: "Into the pictures; arrows move there, Enter shows one in full size", act: () => this.grid.source && this.grid.focus(this.grid.at) },
    ]);
  }

  close() {
    this.early = false;
    this.stop?.abort();
    this.stopReceiving();
    this.stopHearing();
    this.nearEnd.disconnect();
    this.grid.close();
  }

  /** Parameters that stay when the query changes. */
  kept() {
    const { params } = here();
    return Object.fromEntries(FILTER_KEYS.map((key) => [key, params.get(key)]));
  }

  take(file) {
    if (file) go("search", { ...this.kept(), brought: keep(file) });
  }

  whole() {
    go("search", this.kept());
  }

  moreLike() {
    const cell = document.activeElement?.closest(".cell");
    const item = cell && this.grid.sections.flatMap((one) => one.items || Array(one.many))[Number(cell.dataset.index)];
    if (!item) return false;
    go("search", { ...this.kept(), like: item.digest });
    return true;
  }

  hear(status) {
    if (this.revision === status.revision) return;
    const first = this.revision === undefined && !this.early;
    this.revision = status.revision;
    if (!first && !this.hits && scrollY < 200 && !document.querySelector("dialog[open]")) this.follow();
  }

  async follow() {
    const { params } = here();
    this.filters.follow();
    this.early = false; // whether the pictures were asked for before there was an index
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    const where = whereOf(params);
    const late = setTimeout(() => fill(this.headline, waits("Looking")), 200);
    this.grid.place.setAttribute("aria-busy", "true");
    try {
      if (params.get("like") || params.get("brought")) await this.ask(params, where, stop.signal);
      else await this.browse(params, where, stop.signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed(error);
    } finally {
      clearTimeout(late);
      if (stop === this.stop) this.grid.place.removeAttribute("aria-busy");
    }
  }

  failed(error) {
    this.grid.drop();
    this.headline.textContent = "";
    fill(this.levels);
    if (error.status === 409 || this.shell.status.state === "missing") {
      this.early = true;
      if (this.revision) setTimeout(() => this.early && this.follow(), AGAIN_MS); // it came meanwhile
      fill(this.note, empty("picture", "The pictures are being read", "They appear here as soon as the first ones are known. You need not wait for the end."));
    } else {
      fill(this.note, problem(error, () => this.follow()));
    }
  }

  async browse(params, where, signal) {
    this.hits = null;
    this.query.show(null);
    this.order.hidden = false;
    this.order.value = params.get("order") || "path";
    const source = await library({ where, order: params.get("order") || "path" }, signal);
    this.revision = this.shell.status.revision;
    fill(this.note);
    fill(this.levels);
    fill(this.more);
    this.headline.textContent = count(source.total, "picture");
    this.grid.show(source, { below: 0 });
    if (source.total) return;
    fill(this.note, where
      ? empty("filter", "No picture meets the filters", "Take one of them away to see more.")
      : empty("picture", "No pictures yet", "Put pictures into the folder, then read it again.", button("Read the folder again", () => this.shell.readAgain(), { kind: "main" })));
  }

  async ask(params, where, signal) {
    const digest = params.get("like");
    const brought = keptPicture(params.get("brought"));
    if (!digest && !brought) throw new Problem({ error: "The picture of this search is gone with the page that held it", mend: "Choose it again." });
    this.asking = { digest, brought, where };
    this.order.hidden = true;
    if (brought) this.asked = { shown: brought.shown, full: brought.shown, label: `Like ${visible(brought.name)}` };
    else {
      const picture = await get(`pictures/${digest}`, {}, signal);
      this.asked = { ...asked(picture), full: viewOf(digest) };
    }
    this.query.show(this.asked);
    const first = await alike({ ...this.asking, k: FIRST_HITS, look: false }, signal);
    fill(this.note);
    Object.assign(this, { hits: first.hits, pictures: first.pictures, k: FIRST_HITS, hidden: new Set() });
    this.showHits();
    scrollTo(0, 0);
    this.tell(first.doubtful);
    this.checked = first.doubtful ? this.check(this.asking, signal) : null;
  }

  /** Has the doubtful answers laid over the query, and shows what became of them. */
  async check(asking, signal) {
    let hits;
    try {
      ({ hits } = await alike({ ...asking, k: FIRST_HITS }, signal));
      await this.viewing;
    } catch (error) {
      if (error.name === "AbortError") return;
      complain(error);
      hits = this.hits.map((hit) => ({ ...hit, doubtful: false }));
    }
    if (signal.aborted) return;
    this.hits = hits;
    this.showHits({ inPlace: true });
    this.tell(0);
  }

  /** Says what came up, and that some of it is still looked at. */
  tell(checking) {
    const text = sentence(this.hits, this.pictures);
    this.headline.textContent = checking ? `${text} · checking ${checking}` : text;
    say(this.headline.textContent);
  }

  /** Shows the answers of the levels that are wanted; `inPlace` where only their verdicts are new. */
  showHits({ inPlace = false } = {}) {
    const pressed = [...this.levels.children].indexOf(document.activeElement);
    const levels = LEVELS.filter((level) => this.hits.some((hit) => hit.verdict === level));
    fill(this.levels, levels.length < 2 ? [] : levels.map((level) => {
      const many = this.hits.filter((hit) => hit.verdict === level).length;
      return button(`${level} ${many}`, () => {
        if (!this.hidden.delete(level)) this.hidden.add(level);
        this.showHits();
      }, { kind: "chip", "aria-pressed": String(!this.hidden.has(level)) });
    }));
    this.levels.children[pressed]?.focus();
    const shown = this.hits.filter((hit) => !this.hidden.has(hit.verdict));
    const digest = (index) => this.shown[index]?.digest;
    const place = (index) => shown.findIndex((hit) => hit.digest === digest(index));
    if (inPlace) this.grid.exchange(listed(shown), place);
    else this.grid.show(listed(shown), { below: UNDER_PX });
    if (!this.hits.length) fill(this.note, empty("search", "Nothing to compare with", "No picture of the library meets the filters."));
    this.shown = shown;
    fill(this.more);
  }

  /** Gets more answers when the end comes near. */
  async deeper() {
    if (!this.hits || this.hits.length < this.k || this.k >= MOST_HITS || this.going) return;
    this.going = true;
    const { asking } = this;
    try {
      await this.checked;
      if (asking !== this.asking) return;
      const k = Math.min(MOST_HITS, this.k * 3);
      const { hits } = await alike({ ...asking, k }, this.stop.signal);
      if (asking !== this.asking) return;
      Object.assign(this, { hits, k });
      const { at } = this.grid;
      this.showHits();
      this.grid.at = at;
    } catch (error) {
      complain(error);
    } finally {
      this.going = false;
    }
  }

  view(index) {
    let done;
    this.viewing = new Promise((resolve) => {
      done = resolve;
    });
    new Viewer({
      step: (place) => this.grid.item(place), total: this.grid.source.total,
      query: this.hits ? { shown: this.asked.full, digest: this.asking.digest } : null,
      closed: async (last) => {
        await this.grid.focus(last ?? index);
        done();
      },
    }).open(index);
  }
}

/** What came up, as the command line says it. */
function sentence(hits, pictures) {
  const possible = hits.filter(isDoubtful).length;
  const copies = hits.filter(isCopy).length - possible;
  const similar = hits.filter((hit) => hit.verdict === "similar").length;
  const parts = [copies && count(copies, "copy", "copies"), possible && count(possible, "possible copy", "possible copies"), similar && `${similar} similar`].filter(Boolean);
  const text = parts.join(", ") || "Nothing like it";
  return `${text} among ${count(pictures, "picture")}`;
}

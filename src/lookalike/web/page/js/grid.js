// A justified grid that shows any number of pictures: only what is near the window exists as elements.
//
// The shapes of all pictures are known at once, so that every picture has its place from the start;
// what the pictures are comes a page at a time, for the pages that are looked at.
// `source`: {total, size (of a page), aspect(index), page(number, signal) -> items}.

import { el } from "./dom.js";
import { rowsOf } from "./layout.js";

const MARGIN_PX = 500;
const KEPT_PAGES = 40;
const REST_MS = 120;

export class Grid {
  /** `cell(item, box)` makes the content of a cell; `open(item, index)` hears of Enter or a click. */
  constructor({ cell, open, failed, wanted = 190, gap = 8, below = 0, label }) {
    Object.assign(this, { cell, openItem: open, failed, gap, below, wanted });
    this.place = el("div", { class: "grid", role: "list", "aria-label": label });
    this.shown = new Map();
    this.sections = [];
    this.at = 0;
    this.ask = () => {
      this.asked ||= requestAnimationFrame(() => {
        this.asked = 0;
        this.draw();
      });
    };
    this.sizes = new ResizeObserver(() => {
      if (this.place.clientWidth !== this.width) this.relay();
    });
    this.sizes.observe(this.place);
    addEventListener("scroll", this.ask, { passive: true });
    this.place.addEventListener("keydown", (event) => this.key(event));
    this.place.addEventListener("focusin", (event) => {
      const cell = event.target.closest(".cell");
      if (cell) this.rove(Number(cell.dataset.index));
    });
  }

  close() {
    removeEventListener("scroll", this.ask);
    this.sizes.disconnect();
    this.drop();
  }

  /** Shows other pictures; `below` is the room for captions. */
  show(source, { below = this.below } = {}) {
    this.drop();
    Object.assign(this, { source, below, at: 0 });
    const many = Math.ceil(source.total / source.size);
    this.sections = Array.from({ length: many }, (_, number) => ({
      number, first: number * source.size, many: Math.min(source.size, source.total - number * source.size), items: null, stop: null,
    }));
    this.relay();
  }

  /**
   * Shows other answers in the place of these: nothing scrolls, and the focus stays with its picture.
   *
   * `placeNow(index)` says where the picture of that index stands now, -1 for nowhere.
   */
  async exchange(source, placeNow) {
    const cell = document.activeElement?.closest(".cell");
    const before = this.place.contains(cell) ? cell.getBoundingClientRect().top : null;
    const now = this.source ? placeNow(this.at) : 0;
    const at = now < 0 ? Math.max(0, Math.min(this.at, source.total - 1)) : now;
    const y = scrollY;
    this.spare = new Map([...this.place.querySelectorAll("img")].map((image) => [image.src, image]));
    this.show(source);
    scrollTo(0, y);
    this.at = at;
    if (!(await this.item(at)) || this.source !== source) return;
    if (before !== null) {
      const { section, row } = this.spot(at);
      scrollBy(0, this.place.getBoundingClientRect().top + section.top + row.top - before);
    }
    this.draw();
    this.spare = null;
    if (before !== null) this.shown.get(at)?.querySelector("button").focus({ preventScroll: true });
  }

  drop() {
    for (const section of this.sections) section.stop?.abort();
    this.place.replaceChildren();
    this.shown.clear();
    this.sections = [];
    this.source = null;
  }

  /** Lays everything out for the width there is now; what is on the screen stays there. */
  relay() {
    const width = this.place.clientWidth;
    if (!width || !this.source) return;
    const anchor = this.anchor();
    this.width = width;
    const wanted = width < 560 ? Math.min(this.wanted, width / 2.6) : this.wanted;
    const how = { wanted, gap: this.gap, below: this.below };
    let top = 0;
    for (const section of this.sections) {
      const shapes = Array.from({ length: section.many }, (_, i) => this.source.aspect(section.first + i));
      Object.assign(section, rowsOf(shapes, width, { ...how, ragged: section === this.sections.at(-1) }), { top });
      top += section.height;
    }
    this.place.style.setProperty("height", `${Math.max(0, top - this.gap)}px`);
    if (anchor) scrollBy(0, anchor.section.top + anchor.share * anchor.section.height - anchor.y);
    this.place.replaceChildren();
    this.shown.clear();
    this.draw();
  }

  /** The section at the upper edge of the window, and where in it. */
  anchor() {
    const y = -this.place.getBoundingClientRect().top;
    const section = y > 0 && this.sections.find((one) => one.top + one.height > y);
    return section ? { section, share: (y - section.top) / section.height, y } : null;
  }

  draw() {
    if (!this.source || !this.width) return;
    const above = -this.place.getBoundingClientRect().top;
    const [low, high] = [above - MARGIN_PX, above + innerHeight + MARGIN_PX];
    const wanted = new Set();
    const rushing = this.rushes(above);
    for (const section of this.sections) {
      const off = section.top > high || section.top + section.height < low;
      if (off && section.stop) section.stop.abort();
      if (off) continue;
      this.drawSection(section, low, high, wanted);
      if (!section.items && !rushing) this.fetch(section).catch((error) => this.failed?.(error));
    }
    if (rushing) this.later = setTimeout(this.ask, REST_MS);
    for (const [index, cell] of this.shown) {
      // The one with the focus stays, or the focus would be lost.
      if (wanted.has(index) || cell.contains(document.activeElement)) continue;
      letGo(cell);
      this.shown.delete(index);
    }
    this.forget(above);
  }

  /** Whether the window flies by: then nothing is fetched until it rests. */
  rushes(above) {
    clearTimeout(this.later);
    const now = performance.now();
    const far = Math.abs(above - (this.was?.above ?? above)) > innerHeight;
    const rushing = far && now - this.was.now < REST_MS;
    this.was = { above, now };
    return rushing;
  }

  drawSection(section, low, high, wanted) {
    for (const row of section.rows) {
      const top = section.top + row.top;
      if (top > high || top + row.height + this.below < low) continue;
      row.widths.forEach((width, i) => {
        const index = section.first + row.first + i;
        wanted.add(index);
        const item = section.items?.[row.first + i] ?? null;
        const old = this.shown.get(index);
        if (old && (old.dataset.empty === undefined || !item)) return;
        old?.remove();
        this.make(item, index, { left: row.lefts[i], top, width, height: row.height });
      });
    }
  }

  make(item, index, box) {
    const empty = item ? {} : { empty: "" };
    const cell = el("div", {
      class: "cell", role: "listitem", "aria-posinset": index + 1, "aria-setsize": this.source.total, data: { index, ...empty },
      style: { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height + this.below}px`, "--tall": `${box.height}px` },
    }, item ? this.cell(item, box) : el("div", { class: "well" }));
    const main = cell.querySelector("button");
    if (main) {
      main.tabIndex = index === this.at ? 0 : -1;
      main.addEventListener("click", () => this.openItem(item, index));
    }
    const image = cell.querySelector("img");
    const ready = this.spare?.get(image?.src);
    if (ready) image.replaceWith(ready);
    this.shown.set(index, cell);
    const later = [...this.place.children].find((other) => Number(other.dataset.index) > index);
    this.place.insertBefore(cell, later || null);
  }

  /** Gets a page, once. */
  fetch(section) {
    section.getting ||= this.get(section).finally(() => {
      section.getting = null;
      section.stop = null;
    });
    return section.getting;
  }

  async get(section) {
    section.stop = new AbortController();
    try {
      section.items = await this.source.page(section.number, section.stop.signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      throw error;
    }
    if (this.sections.includes(section)) this.ask();
  }

  /** Lets go of pages that are far away. */
  forget(above) {
    const held = this.sections.filter((section) => section.items);
    if (held.length <= KEPT_PAGES) return;
    held.sort((a, b) => Math.abs(b.top - above) - Math.abs(a.top - above));
    for (const section of held.slice(0, held.length - KEPT_PAGES)) {
      section.items = null;
    }
  }

  /** The picture of that index, fetched where it is not there. */
  async item(index) {
    if (!this.source || index < 0 || index >= this.source.total) return null;
    const section = this.sections[Math.floor(index / this.source.size)];
    if (!section.items) await this.fetch(section);
    return section.items?.[index % this.source.size] ?? null;
  }

  rove(index) {
    const before = this.shown.get(this.at)?.querySelector("button");
    if (before) before.tabIndex = -1;
    this.at = index;
    const now = this.shown.get(index)?.querySelector("button");
    if (now) now.tabIndex = 0;
  }

  /** Moves the focus to a picture and brings it into the window. */
  async focus(index) {
    if (!(await this.item(index))) return;
    const { section, row } = this.spot(index);
    const y = this.place.getBoundingClientRect().top + section.top + row.top;
    const bar = 72;
    if (y < bar) scrollBy(0, y - bar);
    else if (y + row.height + this.below > innerHeight - bar) scrollBy(0, y + row.height + this.below - innerHeight + bar);
    this.draw();
    this.shown.get(index)?.querySelector("button").focus({ preventScroll: true });
  }

  /** The section and the row of a picture. */
  spot(index) {
    const section = this.sections[Math.floor(index / this.source.size)];
    return { section, row: rowOf(section, index % this.source.size) };
  }

  /** The picture above (-1) or below (1) another one. */
  beside(index, step) {
    const section = this.sections[Math.floor(index / this.source.size)];
    const inside = index % this.source.size;
    const row = rowOf(section, inside);
    const middle = row.lefts[inside - row.first] + row.widths[inside - row.first] / 2;
    const number = section.rows.indexOf(row) + step;
    if (section.rows[number]) return section.number * this.source.size + nearest(section.rows[number], middle);
    const next = this.sections[section.number + step];
    if (!next) return index;
    return next.number * this.source.size + nearest(next.rows.at(step > 0 ? 0 : -1), middle);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = {
      ArrowRight: () => this.at + 1, ArrowLeft: () => this.at - 1,
      ArrowDown: () => this.beside(this.at, 1), ArrowUp: () => this.beside(this.at, -1),
      Home: () => 0, End: () => this.source.total - 1,
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    this.focus(steps[event.key]());
  }
}

/** Takes a cell away; a picture that is still on its way is no longer asked for. */
function letGo(cell) {
  const image = cell.querySelector("img");
  if (image && !image.complete) image.removeAttribute("src");
  cell.remove();
}

function rowOf(section, inside) {
  return section.rows.find((row) => inside < row.first + row.widths.length);
}

function nearest(row, middle) {
  const off = row.lefts.map((left, i) => Math.abs(left + row.widths[i] / 2 - middle));
  return row.first + off.indexOf(Math.min(...off));
}

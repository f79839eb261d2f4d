// The map: all pictures as points; near points are alike.

import { el, fill, button } from "../dom.js";
import { bytes, get, thumbnail } from "../api.js";
import { change, go } from "../router.js";
import { interrupt, run } from "../jobs.js";
import { keysOfView } from "../keys.js";
import { complain, empty, problem, say } from "../notes.js";
import { Grid } from "../grid.js";
import { Viewer } from "../search/viewer.js";
import { browsed } from "../search/tile.js";
import { count, name, percent, visible } from "../words.js";
import { Cells } from "./cells.js";
import { hands } from "./hands.js";
import { Named } from "./named.js";
import { COLOURS, colourOf, Plot } from "./plot.js";

const REACH_PX = 14;
const PICTURED = 90;
const LEGEND = COLOURS.length - 1;

export function open(place, shell) {
  return new MapView(place, shell);
}

class MapView {
  constructor(place, shell) {
    this.shell = shell;
    this.named = new Named();
    this.lasso = false;
    this.canvas = el("canvas", { class: "points", tabindex: "0", role: "img", "aria-label": "Map of the pictures" });
    this.line = el("canvas", { class: "line", "aria-hidden": "true" });
    this.hovered = el("figure", { class: "hovered card", hidden: true });
    this.by = el("select", { class: "field", "aria-label": "Colours show", on: { change: () => change({ by: this.by.value }) } });
    this.lassoButton = button("Lasso", () => this.turnLasso(), { icon: "lasso", key: "L", "aria-pressed": "false" });
    this.legend = el("div", { class: "row legend", role: "group", "aria-label": "Show only" });
    this.note = el("div", { class: "note" });
    this.chosen = el("section", { class: "chosen", "aria-label": "Chosen pictures", hidden: true });
    this.title = el("h2", { class: "headline", tabindex: "-1" });
    this.grid = new Grid({ label: "Chosen pictures", wanted: 130, cell: (item, box) => browsed(item, box, (one) => go("search", { like: one.digest })), open: (item, index) => this.view(index), failed: complain });
    fill(this.chosen, el("div", { class: "row line" }, this.title, button("Show all again", () => this.choose(null), { icon: "close", kind: "plain push", key: "Esc" })), this.grid.place);
    this.body = el("div", { class: "map-body", hidden: true },
      el("div", { class: "row map-tools" }, el("label", { class: "named" }, "Colours show", this.by), this.lassoButton,
        button("Nearer", () => this.zoom(1.6), { icon: "plus", kind: "plain", only: true }), button("Whole map", () => this.whole(), { kind: "plain", key: "0" }), this.legend),
      el("div", { class: "split" }, el("div", { class: "beside" }, el("div", { class: "plane" }, this.canvas, this.line, this.hovered), this.facts = el("p", { class: "soft small" })), this.chosen));
    fill(place, el("h1", { class: "unseen", text: "Map" }), this.note, this.body);
    this.keys();
    this.themed = () => {
      this.plot?.colours();
      this.ask();
    };
    addEventListener("theme", this.themed);
    this.sizes = new ResizeObserver(() => this.ask());
    this.sizes.observe(this.canvas);
    this.ready = this.load();
  }

  close() {
    removeEventListener("theme", this.themed);
    this.sizes.disconnect();
    this.grid.close();
    this.closed = true;
  }

  keys() {
    const step = (dx, dy) => () => this.plot && this.move(dx, dy);
    keysOfView([
      { keys: ["l"], says: "Lasso: draw a line around pictures (or hold Shift)", act: () => this.turnLasso() },
      { keys: ["+", "="], says: "Nearer", act: () => this.zoom(1.6) },
      { keys: ["-"], says: "Farther", act: () => this.zoom(1 / 1.6) },
      { keys: ["0"], says: "The whole map", act: () => this.whole() },
      { keys: ["ArrowLeft"], says: "Move over the map", act: step(80, 0) },
      { keys: ["ArrowRight"], act: step(-80, 0) }, { keys: ["ArrowUp"], act: step(0, 80) }, { keys: ["ArrowDown"], act: step(0, -80) },
      { keys: ["Escape"], says: "Show all pictures again", act: () => this.choose(null) },
    ]);
  }

  async load(made = false) {
    if (!made && (await this.shell.lacks("map"))) {
      await this.make();
      return;
    }
    try {
      this.head = await get("map");
    } catch (error) {
      if (error.status === 409) await this.make();
      else fill(this.note, problem(error, () => this.load()));
      return;
    }
    const xy = centred(new Float32Array(await bytes("map/points")));
    if (this.closed) return;
    fill(this.note);
    if (!xy.length) {
      fill(this.note, empty("map", "No pictures to lay out", "Put pictures into the folder, then come back."));
      return;
    }
    this.body.hidden = false;
    this.cells = new Cells(xy);
    this.plot = new Plot(this.canvas, this.cells);
    fill(this.by, this.head.colourings.map((one) => el("option", { value: one.name, text: one.name })));
    const kept = this.head.kept_neighbours;
    this.facts.textContent = `${count(this.head.pictures, "picture")} laid out by ${this.head.method}. ${kept === null ? "" : `Of the ten most alike of a picture, ${percent(kept)} lie among its ten nearest here. `}${this.head.remarks.join(" ")}`;
    hands(this.canvas, {
      move: (dx, dy) => this.move(dx, dy), zoom: (factor, x, y) => this.zoom(factor, x, y), hover: (x, y) => this.hover(x, y),
      leave: () => { this.hovered.hidden = true; }, click: (x, y) => this.click(x, y), isLasso: () => this.lasso,
      line: (points) => this.drawLine(points), lasso: (points) => this.caught(points),
    });
    this.ask();
  }

  /** Lays the map out, showing how far that is. */
  async make() {
    let job = null;
    const line = el("span", { class: "waits", role: "status", text: "Laying out the map" });
    fill(this.note, el("div", { class: "row finding" }, line, button("Stop", () => job && interrupt(job).catch(complain))));
    try {
      await run("map", { seen: (now) => {
        job = now;
        line.textContent = now.total ? `${now.phase}: ${Math.round((100 * now.done) / now.total)} %` : now.phase || "Laying out the map";
      } });
      await this.load(true);
    } catch (error) {
      fill(this.note, problem(error, () => this.make()));
    }
  }

  async follow(params) {
    await this.ready;
    if (!this.plot) return;
    const wanted = this.head.colourings.find((one) => one.name === params.get("by")) || this.head.colourings[0];
    if (!wanted || this.colouring === wanted) return;
    this.colouring = wanted;
    this.by.value = wanted.name;
    this.plot.groups = new Int16Array(await bytes("map/colours", { by: wanted.name }));
    this.drawLegend();
    this.ask();
  }

  drawLegend(pressed = -1) {
    fill(this.legend, this.colouring.names.slice(0, LEGEND).map((text, i) => button(visible(text), () => this.only(i), {
      kind: "chip", "aria-pressed": String(i === pressed), "data-colour": i,
    })));
    for (const chip of this.legend.children) chip.prepend(el("span", { class: "dot", style: { background: COLOURS[Number(chip.dataset.colour)] } }));
  }

  /** Shows only the pictures of one name of the colouring. */
  only(place) {
    const { groups } = this.plot;
    const places = [];
    for (let i = 0; i < groups.length; i += 1) if (groups[i] === place) places.push(i);
    this.choose(places, this.colouring.names[place]);
    this.drawLegend(place);
  }

  ask() {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      if (!this.plot) return;
      this.plot.draw();
      this.pictures();
    });
  }

  move(dx, dy) {
    this.plot.move(dx, dy);
    this.hovered.hidden = true;
    this.ask();
  }

  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    this.plot?.zoom(factor, x, y);
    this.hovered.hidden = true;
    this.ask();
  }

  whole() {
    this.plot.camera = { x: 0.5, y: 0.5, scale: 1 };
    this.ask();
  }

  /** Where few points are in sight, they are shown as the pictures that they are. */
  async pictures() {
    const { plot } = this;
    const [left, top] = plot.toMap(0, 0);
    const [right, bottom] = plot.toMap(this.canvas.clientWidth, this.canvas.clientHeight);
    const places = [];
    this.cells.within(left, top, right, bottom, (i) => {
      const [x, y] = [this.cells.xy[2 * i], this.cells.xy[2 * i + 1]];
      if (x >= left && x <= right && y >= top && y <= bottom && (!plot.lit || plot.lit[i])) places.push(i);
    });
    if (places.length > PICTURED || plot.camera.scale < 1.5) return;
    const found = await this.named.get(places).catch(() => []);
    if (this.asked || this.closed) return;
    const { pen, dense } = plot;
    for (const picture of found) {
      const image = this.named.image(picture, () => this.ask());
      if (!image) continue;
      const [x, y] = plot.toScreen(this.cells.xy[2 * picture.place], this.cells.xy[2 * picture.place + 1]);
      const scale = (72 / Math.max(image.naturalWidth, image.naturalHeight)) * dense;
      const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
      pen.fillStyle = COLOURS[plot.groups ? colourOf(plot.groups[picture.place]) : 0];
      pen.fillRect(x * dense - w / 2 - 2, y * dense - h / 2 - 2, w + 4, h + 4);
      pen.drawImage(image, x * dense - w / 2, y * dense - h / 2, w, h);
    }
  }

  near(x, y) {
    const [mx, my] = this.plot.toMap(x, y);
    return this.cells.nearest(mx, my, (REACH_PX * this.plot.dense) / this.plot.extent);
  }

  async hover(x, y) {
    const place = this.near(x, y);
    this.canvas.classList.toggle("over", place >= 0);
    if (place === this.over && !this.hovered.hidden) return;
    this.over = place;
    if (place < 0) {
      this.hovered.hidden = true;
      return;
    }
    const [picture] = await this.named.get([place]).catch(() => []);
    if (!picture || this.over !== place) return;
    const [px, py] = this.plot.toScreen(this.cells.xy[2 * place], this.cells.xy[2 * place + 1]);
    fill(this.hovered, el("img", { src: thumbnail(picture.digest, 150), alt: "" }), el("figcaption", { class: "small", text: name(picture.path).file }));
    this.hovered.hidden = false;
    this.hovered.style.setProperty("left", `${Math.min(px + 16, this.canvas.clientWidth - 190)}px`);
    this.hovered.style.setProperty("top", `${Math.min(py + 16, this.canvas.clientHeight - 190)}px`);
  }

  async click(x, y) {
    const place = this.near(x, y);
    if (place < 0) return;
    const [picture] = await this.named.get([place]);
    this.viewer(async (i) => (i === 0 ? picture : null), 1, 0, () => this.canvas.focus());
  }

  turnLasso() {
    this.lasso = !this.lasso;
    this.lassoButton.setAttribute("aria-pressed", String(this.lasso));
    this.canvas.classList.toggle("lasso", this.lasso);
  }

  drawLine(points) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    Object.assign(this.line, { width, height });
    if (!points) return;
    const pen = this.line.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    pen.strokeStyle = style.getPropertyValue("--accent");
    pen.fillStyle = `${style.getPropertyValue("--accent").trim()}22`;
    pen.lineWidth = 2;
    pen.beginPath();
    for (const { x, y } of points) pen.lineTo(x, y);
    pen.closePath();
    pen.fill();
    pen.stroke();
  }

  caught(points) {
    const places = this.cells.inside(points.map(({ x, y }) => this.plot.toMap(x, y)));
    if (this.lasso) this.turnLasso();
    this.choose(places.length ? places : null);
    if (!places.length) say("No picture inside");
  }

  /** Lights these pictures and lists them; null shows all again. */
  choose(places, called = "") {
    if (!this.plot) return;
    this.plot.lit = places && new Uint8Array(this.cells.xy.length / 2);
    this.chosen.hidden = !places;
    if (this.colouring) this.drawLegend();
    this.ask();
    if (!places) return;
    for (const place of places) this.plot.lit[place] = 1;
    this.title.textContent = `${count(places.length, "picture")}${called ? `: ${visible(called)}` : " inside the line"}`;
    say(this.title.textContent);
    const size = 100;
    this.grid.show({ total: places.length, size, aspect: () => 1, page: (number, stop) => this.named.get(places.slice(number * size, (number + 1) * size), stop) });
  }

  view(index) {
    this.viewer((place) => this.grid.item(place), this.grid.source.total, index, (last) => this.grid.focus(last ?? index));
  }

  viewer(step, total, index, closed) {
    new Viewer({ step, total, query: null, closed }).open(index);
  }
}

/** The points with both axes in the middle of the map. */
function centred(xy) {
  for (const axis of [0, 1]) {
    let most = 0;
    for (let i = axis; i < xy.length; i += 2) most = Math.max(most, xy[i]);
    for (let i = axis; i < xy.length; i += 2) xy[i] += (1 - most) / 2;
  }
  return xy;
}

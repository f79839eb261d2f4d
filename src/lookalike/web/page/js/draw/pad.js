// A sheet to draw on with mouse, finger or pen, or to put a picture on.

import { el, button } from "../dom.js";
import { choose, pictureIn } from "../search/uploads.js";

const INNER_PX = 448;
const PAPER = { dark: "#ffffff", light: "#000000" };
const INK = { dark: "#000000", light: "#ffffff" };

export class Pad {
  /** `changed()` hears of every stroke as it grows; `ink` is "dark" on light paper, or "light" on dark. */
  constructor({ label, changed = () => {}, ink = "dark", width = 22 }) {
    Object.assign(this, { label, changed, ink, width, marks: [], undone: [] });
    this.canvas = el("canvas", { width: INNER_PX, height: INNER_PX, class: "sheet", role: "img", tabindex: "0" });
    this.pen = this.canvas.getContext("2d");
    this.hint = el("span", { class: "hint", text: "Draw here, or drop a picture", "aria-hidden": "true" });
    this.place = el("div", { class: "pad", role: "group", "aria-label": label },
      el("div", { class: "paper" }, this.canvas, this.hint),
      el("div", { class: "row pad-tools" },
        this.undoButton = button("Undo", () => this.undo(), { icon: "undo", kind: "plain", only: true }),
        this.clearButton = button("Clear", () => this.clear(), { icon: "trash", kind: "plain", only: true }),
        button("Put a picture here", async () => this.put(await choose()), { icon: "upload", kind: "plain", only: true })));
    this.listen();
    this.draw();
  }

  get isEmpty() {
    return this.marks.length === 0;
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      this.stroke = { points: [this.point(event)] };
      this.marks.push(this.stroke);
      this.told();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.stroke) return;
      const events = event.getCoalescedEvents?.() || [];
      for (const one of events.length ? events : [event]) this.stroke.points.push(this.point(one));
      this.told();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.stroke = null; });
    canvas.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") this.undo();
      else if (event.key === "Delete" || event.key === "Backspace") this.clear();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
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
    canvas.addEventListener("paste", (event) => this.put(pictureIn(event.clipboardData)));
  }

  /** A place on the sheet; a pen that is pressed harder draws wider. */
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const press = event.pointerType === "pen" ? 0.5 + event.pressure : 1;
    return { x: ((event.clientX - box.left) / box.width) * INNER_PX, y: ((event.clientY - box.top) / box.height) * INNER_PX, press };
  }

  /** Puts a picture on the sheet. */
  async put(file) {
    if (!file) return;
    const image = await createImageBitmap(file).catch(() => null);
    this.marks = [image ? { image, file } : { file }];
    this.told();
  }

  undo() {
    if (!this.marks.length) return;
    this.marks.pop();
    this.told();
  }

  clear() {
    this.marks = [];
    this.told();
  }

  setInk(ink) {
    this.ink = ink;
    this.told();
  }

  told() {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
    this.changed();
  }

  draw() {
    const { pen } = this;
    pen.fillStyle = PAPER[this.ink];
    pen.fillRect(0, 0, INNER_PX, INNER_PX);
    for (const mark of this.marks) {
      if (mark.points) line(pen, mark.points, this.width, INK[this.ink]);
      else if (mark.image) lay(pen, mark.image);
      else write(pen, mark.file.name, INK[this.ink]);
    }
    this.hint.hidden = !this.isEmpty;
    this.undoButton.disabled = this.isEmpty;
    this.clearButton.disabled = this.isEmpty;
    this.place.dataset.ink = this.ink;
    this.canvas.setAttribute("aria-label", `${this.label}: ${this.isEmpty ? "empty" : `${this.marks.length} marks`}`);
  }

  /** What is on the sheet: the file itself where nothing was drawn over it, or a PNG. */
  blob() {
    if (this.marks.length === 1 && this.marks[0].file) return Promise.resolve(this.marks[0].file);
    this.draw();
    return new Promise((done) => {
      this.canvas.toBlob(done, "image/png");
    });
  }
}

function line(pen, points, width, ink) {
  pen.strokeStyle = ink;
  pen.fillStyle = ink;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  const [first] = points;
  pen.beginPath();
  pen.arc(first.x, first.y, (width * first.press) / 2, 0, 2 * Math.PI);
  pen.fill();
  for (let i = 1; i < points.length; i += 1) {
    pen.lineWidth = (width * (points[i - 1].press + points[i].press)) / 2;
    pen.beginPath();
    pen.moveTo(points[i - 1].x, points[i - 1].y);
    pen.lineTo(points[i].x, points[i].y);
    pen.stroke();
  }
}

function lay(pen, image) {
  const scale = Math.min(INNER_PX / image.width, INNER_PX / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  pen.drawImage(image, (INNER_PX - width) / 2, (INNER_PX - height) / 2, width, height);
}

function write(pen, text, ink) {
  pen.fillStyle = ink;
  pen.font = "20px sans-serif";
  pen.textAlign = "center";
  pen.fillText(text, INNER_PX / 2, INNER_PX / 2, INNER_PX - 40);
}

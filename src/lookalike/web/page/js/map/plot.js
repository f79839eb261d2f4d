// Drawing very many points: each frame is computed pixel by pixel, so it is fast on any machine,
// with or without a graphics card.

/** Colours of the first names of a colouring; all others and none share the last. */
export const COLOURS = ["#3b82c4", "#d9772b", "#3f9b56", "#c8503f", "#8b6cc0", "#9a6a52", "#c766a5", "#a19226", "#2f9fa8", "#5b6ee1", "#7d8590"];

/** From so many points on they are drawn half transparent. */
const MANY = 3000;

export class Plot {
  /** `canvas` to draw on; `cells` with the points. */
  constructor(canvas, cells) {
    Object.assign(this, { canvas, cells, groups: null });
    this.pen = canvas.getContext("2d", { alpha: false });
    this.camera = { x: 0.5, y: 0.5, scale: 1 };
    this.lit = null;
    this.colours();
  }

  /** Takes the colours of the theme. */
  colours() {
    const style = getComputedStyle(document.documentElement);
    const word = (name) => packed(style.getPropertyValue(name).trim());
    this.ground = word("--card");
    this.inks = Uint32Array.from(COLOURS, packed);
    this.faint = word("--line");
  }

  resize() {
    const dense = Math.min(2, devicePixelRatio || 1);
    const [width, height] = [Math.round(this.canvas.clientWidth * dense), Math.round(this.canvas.clientHeight * dense)];
    if (!width || !height) return false;
    if (width !== this.width || height !== this.height) {
      Object.assign(this.canvas, { width, height });
      Object.assign(this, { width, height, dense });
      this.image = this.pen.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    return true;
  }

  /** Pixels of the screen that the whole map takes at this zoom. */
  get extent() {
    return Math.min(this.width, this.height) * 0.94 * this.camera.scale;
  }

  /** From the map to the canvas, in CSS pixels. */
  toScreen(x, y) {
    const { camera, extent, dense } = this;
    return [((x - camera.x) * extent + this.width / 2) / dense, ((y - camera.y) * extent + this.height / 2) / dense];
  }

  /** From the canvas, in CSS pixels, to the map. */
  toMap(left, top) {
    const { camera, extent, dense } = this;
    return [(left * dense - this.width / 2) / extent + camera.x, (top * dense - this.height / 2) / extent + camera.y];
  }

  /** Zooms so that the place under (left, top) stays there. */
  zoom(factor, left, top) {
    const [x, y] = this.toMap(left, top);
    const scale = Math.min(400, Math.max(0.7, this.camera.scale * factor));
    const change = this.camera.scale / scale;
    this.camera = { scale, x: x - (x - this.camera.x) * change, y: y - (y - this.camera.y) * change };
  }

  /** Moves by CSS pixels. */
  move(across, down) {
    const { camera, extent, dense } = this;
    this.camera = { ...camera, x: camera.x - (across * dense) / extent, y: camera.y - (down * dense) / extent };
  }

  draw() {
    if (!this.resize()) return;
    const { pixels, width, height, cells, camera, extent, inks, groups, lit, faint } = this;
    pixels.fill(this.ground);
    const { xy } = cells;
    const disc = this.disc();
    const edge = disc.reach + 1;
    const [left, top] = this.toMap(0, 0);
    const [right, bottom] = this.toMap(width / this.dense, height / this.dense);
    const off_x = width / 2 - camera.x * extent;
    const off_y = height / 2 - camera.y * extent;
    // Half ink, half what lies there: where many points meet it grows dark. A few points need no such help.
    const thin = xy.length > 2 * MANY;
    const put = (i, ink) => {
      const px = (xy[2 * i] * extent + off_x) | 0;
      const py = (xy[2 * i + 1] * extent + off_y) | 0;
      if (px < edge || py < edge || px >= width - edge || py >= height - edge) return;
      const half = (ink >>> 1) & 0x7f7f7f;
      const at = py * width + px;
      for (const step of disc.steps) pixels[at + step] = thin ? (((pixels[at + step] >>> 1) & 0x7f7f7f) + half) | 0xff000000 : ink;
      pixels[at] = ink;
    };
    if (lit) cells.within(left, top, right, bottom, (i) => lit[i] || put(i, faint));
    cells.within(left, top, right, bottom, (i) => (lit && !lit[i]) || put(i, inks[groups ? colourOf(groups[i]) : 0]));
    this.pen.putImageData(this.image, 0, 0);
  }

  /** Offsets of the pixels of a point; points grow as one comes nearer. */
  disc() {
    const many = this.cells.xy.length / 2;
    const base = many > 30000 ? 1.1 : many > MANY ? 1.7 : 3.4;
    const reach = Math.min(7, base + Math.log2(Math.max(1, this.camera.scale)) * 0.7) * this.dense;
    const key = `${reach.toFixed(1)}/${this.width}`;
    if (this.kept?.key !== key) {
      const steps = [];
      const whole = Math.ceil(reach);
      for (let y = -whole; y <= whole; y += 1) {
        for (let x = -whole; x <= whole; x += 1) if (x * x + y * y <= reach * reach) steps.push(y * this.width + x);
      }
      this.kept = { key, reach: whole, steps: Int32Array.from(steps) };
    }
    return this.kept;
  }
}

/** The colour number of a place in a colouring's names; -1 is no name. */
export function colourOf(place) {
  return place < 0 ? COLOURS.length - 1 : Math.min(place, COLOURS.length - 1);
}

/** "#rrggbb" as a pixel of an ImageData. */
function packed(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

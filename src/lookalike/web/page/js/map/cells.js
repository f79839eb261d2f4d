// Points sorted into square cells, so that what is near a place is found without looking at all.

const ACROSS = 96;

export class Cells {
  /** `xy` holds x and y of each point, all within 0 and 1. */
  constructor(xy) {
    const n = xy.length / 2;
    this.xy = xy;
    this.start = new Uint32Array(ACROSS * ACROSS + 1);
    const cell = new Uint16Array(n);
    for (let i = 0; i < n; i += 1) {
      cell[i] = place(xy[2 * i + 1]) * ACROSS + place(xy[2 * i]);
      this.start[cell[i] + 1] += 1;
    }
    for (let c = 0; c < ACROSS * ACROSS; c += 1) this.start[c + 1] += this.start[c];
    const next = this.start.slice();
    this.order = new Uint32Array(n);
    for (let i = 0; i < n; i += 1) {
      this.order[next[cell[i]]] = i;
      next[cell[i]] += 1;
    }
  }

  /** Calls `seen(point)` for all points of the cells that a rectangle touches. */
  within(left, top, right, bottom, seen) {
    const [x0, x1, y0, y1] = [place(left), place(right), place(top), place(bottom)];
    for (let y = y0; y <= y1; y += 1) {
      const [from, to] = [this.start[y * ACROSS + x0], this.start[y * ACROSS + x1 + 1]];
      for (let k = from; k < to; k += 1) seen(this.order[k]);
    }
  }

  /** The point nearest to a place, or -1 where none is within `reach`. */
  nearest(x, y, reach) {
    let best = -1;
    let least = reach * reach;
    this.within(x - reach, y - reach, x + reach, y + reach, (i) => {
      const off = (this.xy[2 * i] - x) ** 2 + (this.xy[2 * i + 1] - y) ** 2;
      if (off <= least) {
        least = off;
        best = i;
      }
    });
    return best;
  }

  /** All points inside a closed line, given as [[x, y], ...]. */
  inside(line) {
    const xs = line.map(([x]) => x);
    const ys = line.map(([, y]) => y);
    const found = [];
    this.within(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (i) => {
      if (isInside(this.xy[2 * i], this.xy[2 * i + 1], line)) found.push(i);
    });
    return found;
  }
}

function place(value) {
  return Math.min(ACROSS - 1, Math.max(0, Math.floor(value * ACROSS)));
}

/** Whether a ray from the point crosses the line an odd number of times. */
function isInside(x, y, line) {
  let odd = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i, i += 1) {
    const [xi, yi] = line[i];
    const [xj, yj] = line[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

// Breaking pictures into rows of one width, as even in height as can be.

const NARROWEST = 0.45;
const WIDEST = 2.6;

/** Width over height of the place that a picture gets; very long ones are cut. */
function bounded(shape) {
  return Math.min(WIDEST, Math.max(NARROWEST, shape || 4 / 3));
}

/**
 * Rows of a justified grid: the breaks with the least squared departure from the wanted height.
 *
 * Args: given, width over height of each picture; width of a row in pixels; `wanted`, the height of
 * a row; `gap` between pictures; `below`, room for a caption; `ragged`, whether the last row may be
 * shorter than the others.
 * Returns: {height, rows: [{top, height, first, lefts, widths}]}.
 */
export function rowsOf(given, width, { wanted, gap, below = 0, ragged = false }) {
  const shapes = given.map(bounded);
  const n = shapes.length;
  const best = new Float64Array(n + 1).fill(Infinity);
  const from = new Int32Array(n + 1);
  best[0] = 0;
  for (let end = 1; end <= n; end += 1) {
    let sum = 0;
    for (let start = end - 1; start >= 0; start -= 1) {
      sum += shapes[start];
      const height = rowHeight(sum, end - start, width, gap);
      const loose = ragged && end === n && height > wanted;
      const off = loose ? 0 : (height - wanted) / wanted;
      const cost = best[start] + off * off;
      if (cost < best[end]) {
        best[end] = cost;
        from[end] = start;
      }
      // A row this full only gets worse with one more picture.
      if (height < wanted * 0.5) break;
    }
  }
  const breaks = [];
  for (let end = n; end > 0; end = from[end]) breaks.unshift([from[end], end]);
  return placed(breaks, shapes, width, { wanted, gap, below, ragged });
}

function rowHeight(sum, many, width, gap) {
  return (width - gap * (many - 1)) / sum;
}

function placed(breaks, shapes, width, { wanted, gap, below, ragged }) {
  const rows = [];
  let top = 0;
  for (const [first, end] of breaks) {
    const own = shapes.slice(first, end);
    const sum = own.reduce((a, b) => a + b, 0);
    let height = rowHeight(sum, own.length, width, gap);
    if ((ragged && end === shapes.length) || height > 1.6 * wanted) height = Math.min(height, wanted * 1.15);
    const lefts = [];
    let left = 0;
    for (const shape of own) {
      lefts.push(left);
      left += shape * height + gap;
    }
    rows.push({ top, height, first, lefts, widths: own.map((shape) => shape * height) });
    top += height + below + gap;
  }
  return { height: top, rows };
}

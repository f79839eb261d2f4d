// Moving over the map: drag, wheel, pinch, and the line of a lasso.

const CLICK_PX = 5;

/**
 * Hears the pointers on `canvas` and calls `acts`: {move(dx, dy), zoom(factor, x, y), hover(x, y),
 * leave(), click(x, y), line(points), lasso(points), isLasso()}; all in CSS pixels of the canvas.
 */
export function hands(canvas, acts) {
  const points = new Map();
  let line = null;
  let travelled = 0;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = at(event);
    acts.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), x, y);
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    points.set(event.pointerId, at(event));
    travelled = 0;
    line = points.size === 1 && (acts.isLasso() || event.shiftKey) ? [at(event)] : null;
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = at(event);
    const before = points.get(event.pointerId);
    if (!before) {
      acts.hover(now.x, now.y);
      return;
    }
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...points].find(([id]) => id !== event.pointerId)?.[1];
    points.set(event.pointerId, now);
    if (other) {
      const span = (one) => Math.hypot(one.x - other.x, one.y - other.y);
      acts.zoom(span(now) / Math.max(1, span(before)), (now.x + other.x) / 2, (now.y + other.y) / 2);
      line = null;
    } else if (line) {
      line.push(now);
      acts.line(line);
    } else {
      acts.move(now.x - before.x, now.y - before.y);
    }
  });
  const end = (event) => {
    if (!points.delete(event.pointerId)) return;
    const { x, y } = at(event);
    if (line && line.length > 2) acts.lasso(line);
    else if (travelled < CLICK_PX && event.type === "pointerup") acts.click(x, y);
    line = null;
    acts.line(null);
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => acts.leave());
}

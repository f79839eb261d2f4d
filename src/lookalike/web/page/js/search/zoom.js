// Looking closely at one picture: wheel or pinch to zoom, drag to move, double click for 1:1 and back.

const MOST = 12;

/** Makes `image` within `stage` zoomable; gives {reset, by(factor)}. */
export function zoomable(stage, image) {
  const at = { scale: 1, x: 0, y: 0 };
  const points = new Map();

  const draw = () => {
    const slack_x = Math.max(0, (image.clientWidth * at.scale - stage.clientWidth) / 2);
    const slack_y = Math.max(0, (image.clientHeight * at.scale - stage.clientHeight) / 2);
    at.x = Math.min(slack_x, Math.max(-slack_x, at.x));
    at.y = Math.min(slack_y, Math.max(-slack_y, at.y));
    image.style.setProperty("transform", `translate(${at.x}px, ${at.y}px) scale(${at.scale})`);
    stage.classList.toggle("zoomed", at.scale > 1);
  };
  const reset = () => {
    Object.assign(at, { scale: 1, x: 0, y: 0 });
    draw();
  };
  /** Zooms so that what is under the point stays there. */
  const by = (factor, event) => {
    const box = stage.getBoundingClientRect();
    const x = event ? event.clientX - box.left - box.width / 2 : 0;
    const y = event ? event.clientY - box.top - box.height / 2 : 0;
    const scale = Math.min(MOST, Math.max(1, at.scale * factor));
    const change = scale / at.scale;
    Object.assign(at, { scale, x: x - (x - at.x) * change, y: y - (y - at.y) * change });
    draw();
  };
  const span = () => {
    const [a, b] = [...points.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    by(Math.exp(-event.deltaY * 0.0018), event);
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => {
    const whole = image.naturalWidth / Math.max(1, image.clientWidth);
    if (at.scale > 1) reset();
    else by(Math.max(2, whole), event);
  });
  stage.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button, a")) return;
    points.set(event.pointerId, event);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    const before = points.get(event.pointerId);
    if (!before) return;
    if (points.size === 2) {
      const wide = span();
      points.set(event.pointerId, event);
      by(span() / Math.max(1, wide), event);
      return;
    }
    at.x += event.clientX - before.clientX;
    at.y += event.clientY - before.clientY;
    points.set(event.pointerId, event);
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => points.delete(event.pointerId));
  return { reset, by, isZoomed: () => at.scale > 1 };
}

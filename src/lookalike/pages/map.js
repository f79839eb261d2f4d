"use strict";
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const ints = (text) => new Int32Array(bytes(text).buffer);
  const n = data.n, xs = new Uint16Array(bytes(data.x).buffer), ys = new Uint16Array(bytes(data.y).buffer);
  const folderOf = ints(data.folder), tileOf = ints(data.tile), tileSizes = bytes(data.tileSizes);
  const colourings = data.colourings.map((c) => ({ ...c, of: ints(c.of) }));
  const SPAN = 65535, GRID = 256, CELL = (SPAN + 1) / GRID, REACH = 16, SHOWN = 60;
  const TABLE = ["#3b82c4", "#d9772b", "#3f9b56", "#c8503f", "#8b6cc0",
    "#9a6a52", "#c766a5", "#7d8590", "#a19226", "#2f9fa8"];
  const get = (name) => document.getElementById(name);
  const canvas = get("map"), pen = canvas.getContext("2d"), card = get("map-card");
  const layer = document.createElement("canvas"), layerPen = layer.getContext("2d");
  const sheets = data.sheets.map((source) => {
    const sheet = new Image();
    sheet.onload = ask;
    sheet.src = source;
    return sheet;
  });

  // Pictures by cell of a grid, so that the one under the pointer is found at once.
  const starts = new Int32Array(GRID * GRID + 1), inCells = new Int32Array(n);
  const cellOf = (i) => Math.floor(ys[i] / CELL) * GRID + Math.floor(xs[i] / CELL);
  for (let i = 0; i < n; i++) starts[cellOf(i) + 1]++;
  for (let c = 0; c < GRID * GRID; c++) starts[c + 1] += starts[c];
  const next = starts.slice();
  for (let i = 0; i < n; i++) inCells[next[cellOf(i)]++] = i;
  const pictured = [];
  for (let i = 0; i < n; i++) if (tileOf[i] >= 0) pictured.push(i);
  pictured.sort((a, b) => tileOf[a] - tileOf[b]);

  let colouring = colourings[0], only = new Set(), wanted = null;
  let scale = 1, left = 0, top = 0, width = 0, height = 0, dense = 1, asked = false, over = -1, pinned = -1;
  const shown = new Uint8Array(n).fill(1), drawn = [];

  function colourOf(place) {
    if (place < 0 || place >= SHOWN) return "#8f8a83";
    if (place < TABLE.length) return TABLE[place];
    return `hsl(${Math.round((place * 137.5) % 360)} 48% ${place % 2 ? 45 : 60}%)`;
  }

  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function packed(colour) {
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    return (b << 16) | (g << 8) | r;
  }

  const inks = new Uint32Array(SHOWN + 2);
  for (let place = -1; place <= SHOWN; place++) inks[place + 1] = packed(colourOf(place));

  function disc(radius) {
    const side = Math.ceil(radius) * 2 + 1, middle = (side - 1) / 2, cover = new Uint8Array(side * side);
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) {
      const off = Math.hypot(x - middle, y - middle);
      cover[y * side + x] = Math.max(0, Math.min(1, radius + 0.5 - off)) * 255;
    }
    return { side, cover };
  }

  const sx = (x) => (x - left) * scale, sy = (y) => (y - top) * scale;

  function dots(target) {
    const wide = target.width, high = target.height, pixels = new Uint32Array(target.data.buffer);
    const grown = Math.min(3, Math.sqrt(scale / fitted()));
    const radius = Math.max(1, (n > 20000 ? 1.1 : n > 4000 ? 1.8 : 3) * grown) * dense;
    const { side, cover } = disc(radius), half = (side - 1) / 2, of = colouring.of;
    // The dim ones first, so that those that are meant lie above them.
    for (let pass = 0; pass < 2; pass++) {
      const strength = pass ? 255 : 60;
      for (let i = 0; i < n; i++) {
        if (shown[i] !== pass) continue;
        const x0 = Math.round(sx(xs[i]) * dense - half), y0 = Math.round(sy(ys[i]) * dense - half);
        if (x0 < 0 || y0 < 0 || x0 + side > wide || y0 + side > high) continue;
        const ink = inks[Math.min(of[i], SHOWN) + 1];
        for (let y = 0, k = 0; y < side; y++) {
          let at = (y0 + y) * wide + x0;
          for (let x = 0; x < side; x++, k++, at++) {
            const alpha = (cover[k] * strength) >> 8;
            if (alpha >= pixels[at] >>> 24 && alpha) pixels[at] = (alpha << 24) | ink;
          }
        }
      }
    }
  }

  function tiles(side) {
    const taken = new Set(), stride = GRID * 1024;
    for (const i of pictured) {
      if (!shown[i]) continue;
      const x = sx(xs[i]), y = sy(ys[i]);
      if (x < -side || y < -side || x > width + side || y > height + side) continue;
      const cell = Math.floor((xs[i] * scale) / side) * stride + Math.floor((ys[i] * scale) / side);
      if (taken.has(cell)) continue;
      taken.add(cell);
      const [w, h] = sizeOf(i, side * 0.86);
      pen.fillStyle = colourOf(colouring.of[i]);
      pen.fillRect(x - w / 2 - 2, y - h / 2 - 2, w + 4, h + 4);
      picture(pen, i, x - w / 2, y - h / 2, w, h);
      drawn.push([i, x - w / 2, y - h / 2, w, h]);
    }
  }

  function sizeOf(i, side) {
    const w = tileSizes[2 * tileOf[i]], h = tileSizes[2 * tileOf[i] + 1], fit = side / Math.max(w, h);
    return [w * fit, h * fit];
  }

  function picture(to, i, x, y, w, h) {
    const tile = tileOf[i], each = data.perRow * data.perRow, sheet = sheets[Math.floor(tile / each)];
    if (!sheet.complete) return;
    const place = tile % each, px = data.tilePx;
    to.drawImage(sheet, (place % data.perRow) * px, Math.floor(place / data.perRow) * px,
      tileSizes[2 * tile], tileSizes[2 * tile + 1], x, y, w, h);
  }

  function draw() {
    asked = false;
    const begun = performance.now();
    const target = layerPen.createImageData(layer.width, layer.height);
    dots(target);
    layerPen.putImageData(target, 0, 0);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(layer, 0, 0);
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    drawn.length = 0;
    if (get("map-pictures").checked) tiles(Math.max(52, Math.min(112, 52 * Math.sqrt(scale / fitted()))));
    const marked = pinned >= 0 ? pinned : over;
    if (marked >= 0) {
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 2.5;
      pen.beginPath();
      pen.arc(sx(xs[marked]), sy(ys[marked]), 9, 0, 7);
      pen.stroke();
    }
    canvas.dataset.milliseconds = (performance.now() - begun).toFixed(1);
  }

  function ask() {
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  }

  const fitted = () => (Math.min(width, height) * 0.94) / SPAN;

  function fit() {
    let [x0, x1, y0, y1] = [SPAN, 0, SPAN, 0];
    for (let i = 0; i < n; i++) {
      if (!shown[i]) continue;
      x0 = Math.min(x0, xs[i]); x1 = Math.max(x1, xs[i]);
      y0 = Math.min(y0, ys[i]); y1 = Math.max(y1, ys[i]);
    }
    if (x1 < x0) return;
    const room = Math.max(SPAN / 400, 0), wide = x1 - x0 + room, high = y1 - y0 + room;
    scale = Math.min((width - 70) / wide, (height - 70) / high);
    left = (x0 + x1) / 2 - width / scale / 2;
    top = (y0 + y1) / 2 - height / scale / 2;
    ask();
  }

  function resize() {
    const first = !width, middle = [left + width / scale / 2, top + height / scale / 2];
    dense = window.devicePixelRatio || 1;
    width = canvas.clientWidth; height = canvas.clientHeight;
    for (const one of [canvas, layer]) {
      one.width = Math.round(width * dense);
      one.height = Math.round(height * dense);
    }
    if (first) return fit();
    left = middle[0] - width / scale / 2;
    top = middle[1] - height / scale / 2;
    ask();
  }

  function zoom(factor, x = width / 2, y = height / 2) {
    const least = fitted() * 0.5, most = fitted() * 4000, now = Math.max(least, Math.min(most, scale * factor));
    left += x / scale - x / now;
    top += y / scale - y / now;
    scale = now;
    ask();
  }

  function pan(dx, dy) {
    left -= dx / scale;
    top -= dy / scale;
    ask();
  }

  function nearest(x, y) {
    for (let k = drawn.length - 1; k >= 0; k--) {
      const [i, x0, y0, w, h] = drawn[k];
      if (x >= x0 && y >= y0 && x <= x0 + w && y <= y0 + h) return i;
    }
    const px = left + x / scale, py = top + y / scale, reach = REACH / scale;
    const cell = (v) => Math.max(0, Math.min(GRID - 1, Math.floor(v / CELL)));
    let best = -1, least = reach * reach;
    for (let row = cell(py - reach); row <= cell(py + reach); row++) {
      for (let column = cell(px - reach); column <= cell(px + reach); column++) {
        for (let k = starts[row * GRID + column]; k < starts[row * GRID + column + 1]; k++) {
          const i = inCells[k], off = (xs[i] - px) ** 2 + (ys[i] - py) ** 2;
          if (off < least && shown[i]) [best, least] = [i, off];
        }
      }
    }
    return best;
  }

  function tell(i) {
    card.hidden = i < 0;
    if (i < 0) return;
    get("map-file").textContent = data.files[i];
    get("map-folder").textContent = data.folders[folderOf[i]];
    get("map-facts").textContent = colourings.filter((c) => c.name !== "folder" && c.of[i] >= 0)
      .map((c) => `${c.name}: ${c.names[c.of[i]]}`).join("; ");
    const small = get("map-small");
    small.hidden = tileOf[i] < 0;
    if (tileOf[i] >= 0) {
      const [w, h] = sizeOf(i, 200), to = small.getContext("2d");
      small.width = Math.round(w * dense);
      small.height = Math.round(h * dense);
      small.style.width = `${w}px`;
      to.imageSmoothingQuality = "high";
      picture(to, i, 0, 0, small.width, small.height);
    }
    const x = sx(xs[i]), y = sy(ys[i]), right = x > width / 2, low = y > height / 2;
    card.style.left = right ? "" : `${Math.max(4, x + 18)}px`;
    card.style.right = right ? `${Math.max(4, width - x + 18)}px` : "";
    card.style.top = low ? "" : `${Math.max(4, y - 10)}px`;
    card.style.bottom = low ? `${Math.max(4, height - y - 10)}px` : "";
  }

  function choose() {
    const of = colouring.of;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const meant = (!only.size || only.has(of[i])) && (!wanted ||
        `${data.folders[folderOf[i]]}/${data.files[i]}`.toLowerCase().includes(wanted));
      count += shown[i] = meant ? 1 : 0;
    }
    get("map-count").textContent = count === n ? `${n.toLocaleString("en")} pictures`
      : `${count.toLocaleString("en")} of ${n.toLocaleString("en")} pictures`;
    if (pinned >= 0 && !shown[pinned]) pinned = -1;
    tell(pinned);
    ask();
  }

  function legend() {
    const counts = new Map(), list = get("map-legend");
    for (const place of colouring.of) counts.set(place, (counts.get(place) || 0) + 1);
    list.replaceChildren();
    const places = [...counts.keys()].sort((a, b) => (a < 0) - (b < 0) || a - b);
    for (const place of places.slice(0, SHOWN)) {
      const chip = document.createElement("button"), dot = document.createElement("i");
      chip.type = "button";
      chip.setAttribute("aria-pressed", "false");
      dot.style.background = colourOf(place);
      const name = place < 0 ? `no ${colouring.name}` : colouring.names[place];
      chip.append(dot, `${name} `, Object.assign(document.createElement("small"), { textContent: counts.get(place) }));
      chip.onclick = () => {
        if (!only.delete(place)) only.add(place);
        chip.setAttribute("aria-pressed", String(only.has(place)));
        choose();
      };
      list.append(chip);
    }
    if (places.length > SHOWN) list.append(`and ${places.length - SHOWN} more, in grey`);
  }

  const held = new Map();
  let moved = 0;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, at(event));
    moved = held.size > 1 ? 99 : 0;
  };
  canvas.onpointermove = (event) => {
    const [x, y] = at(event), before = held.get(event.pointerId);
    if (!before) {
      const found = nearest(x, y);
      if (found !== over) ask();
      over = found;
      canvas.style.cursor = over >= 0 ? "pointer" : "grab";
      if (pinned < 0) tell(over);
      return;
    }
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (held.size === 2) {
      const [other] = [...held].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const old = Math.hypot(before[0] - other[0], before[1] - other[1]);
      const now = Math.hypot(x - other[0], y - other[1]);
      zoom(now / Math.max(old, 1), other[0], other[1]);
    } else if (moved > 3) {
      pan(x - before[0], y - before[1]);
      canvas.style.cursor = "grabbing";
      tell(pinned);
    }
    held.set(event.pointerId, [x, y]);
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    held.delete(event.pointerId);
    if (moved <= 3 && event.type === "pointerup") {
      const found = nearest(...at(event));
      pinned = found === pinned ? -1 : found;
      tell(pinned >= 0 ? pinned : over);
      ask();
    }
    canvas.style.cursor = "grab";
  };
  canvas.onpointerleave = () => {
    over = -1;
    if (pinned < 0) tell(-1);
    ask();
  };
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...at(event));
    tell(pinned);
  }, { passive: false });
  canvas.onkeydown = (event) => {
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (steps[event.key]) pan(...steps[event.key]);
    else if (event.key === "+" || event.key === "=") zoom(1.4);
    else if (event.key === "-") zoom(1 / 1.4);
    else if (event.key === "0") fit();
    else if (event.key === "Escape") { pinned = -1; tell(-1); ask(); }
    else return;
    event.preventDefault();
  };
  get("map-in").onclick = () => zoom(1.5);
  get("map-out").onclick = () => zoom(1 / 1.5);
  get("map-fit").onclick = fit;
  get("map-pictures").onchange = ask;
  get("map-find").oninput = (event) => {
    wanted = event.target.value.trim().toLowerCase();
    choose();
  };
  get("map-colour").onchange = (event) => {
    colouring = colourings[event.target.selectedIndex];
    only = new Set();
    legend();
    choose();
  };
  new ResizeObserver(resize).observe(canvas);
  legend();
  choose();
})();

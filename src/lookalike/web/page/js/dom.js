// Making elements. Text always enters as text, so that no file name can become markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element.
 *
 * `class`, `text`, `on` ({event: handler}), `style` ({name: value}) and `data` are special; a value
 * of null, undefined or false leaves the attribute out, and functions or objects become properties.
 */
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name === "on") for (const [event, heard] of Object.entries(value)) made.addEventListener(event, heard);
    else if (name === "style") for (const [key, amount] of Object.entries(value)) made.style.setProperty(key, amount);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name === "value" || name === "checked") made[name] = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A button; `label` is its text, or its spoken name where it shows an icon only. */
export function button(label, on, { icon: sign = null, kind = "", key = "", only = false, ...rest } = {}) {
  const shown = only ? [] : [el("span", { text: label })];
  if (sign) shown.unshift(icon(sign));
  if (key) shown.push(el("kbd", { class: "keyboard-only", text: key, "aria-hidden": "true" }));
  const names = only ? { "aria-label": label, title: label } : {};
  const css = `button ${kind}${only ? " square" : ""}`.trim();
  return el("button", { type: "button", class: css, ...names, ...rest, on: { click: on } }, shown);
}

const PATHS = {
  brand: "M5 2.5h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3v-8a3 3 0 0 1 3-3M11 8.5h8a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-8a3 3 0 0 1-3-3v-7a3 3 0 0 1 3-3",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20 20",
  copies: "M4 4h11v11H4zM9 15v5h11V9h-5",
  draw: "M4 20l1-5L16.5 3.5l4 4L9 19zM13.5 6.5l4 4",
  compare: "M3 5h8v14H3zM13 5h8v14h-8z",
  match: "M3 5h7v6H3zM14 13h7v6h-7zM10 8h4M12 8v8h2",
  map: "M6 7h.01M10 12h.01M7 17h.01M15 6h.01M18 11h.01M14 16h.01M18 18h.01M11 7h.01M12 12h.01",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  keys: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  close: "M5 5l14 14M19 5 5 19",
  left: "M15 4 7 12l8 8",
  right: "M9 4l8 8-8 8",
  undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  check: "M4 12.5 9.5 18 20 6",
  more: "M4 4h7v7H4zM13 13h7v7h-7zM13 4h7v7h-7zM4 13h7v7H4z",
  filter: "M3 5h18l-7 8v6l-4-2v-4z",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h12l1-13",
  picture: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M8.5 9.5h.01",
  info: "M12 11v6M12 7h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  lasso: "M7 20c0-3 3-3 3-5M12 4c5 0 9 2.5 9 5.5S17 15 12 15 3 12.5 3 9.5 7 4 12 4z",
  again: "M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7",
  plus: "M12 5v14M5 12h14",
};

/** A sign drawn in the colour of the text around it; hidden from screen readers. */
export function icon(name) {
  const sign = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  const looks = { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "1.8", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(looks)) sign.setAttribute(key, value);
  sign.setAttribute("class", "icon");
  sign.setAttribute("stroke-linecap", "round");
  sign.setAttribute("stroke-linejoin", "round");
  line.setAttribute("d", PATHS[name]);
  sign.append(line);
  return sign;
}

/** A sheet above the page: {box, body, close}; it is gone when it closes. */
export function sheet(title, { css = "", ...rest } = {}) {
  const body = el("div", { class: "stack" });
  const box = el("dialog", { class: css, "aria-labelledby": "sheet-title", ...rest }, el("div", { class: "inside" },
    el("div", { class: "row" }, el("h2", { id: "sheet-title", tabindex: "-1", autofocus: true, text: title }),
      button("Close", () => box.close(), { icon: "close", kind: "plain push", only: true })), body));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return { box, body, close: () => box.close() };
}

/** Puts new content in the place of the old. */
export function fill(place, ...children) {
  place.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return place;
}

/** Runs `act` once calls have ceased for `wait_ms`. */
export function settled(act, wait_ms) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait_ms);
  };
}

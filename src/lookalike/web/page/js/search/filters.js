// Which pictures are shown: fields that make up a --where condition, kept in the address.

import { el, fill, button } from "../dom.js";
import { here } from "../router.js";

const FORMATS = ["JPEG", "PNG", "HEIC", "WEBP", "TIFF", "GIF", "AVIF", "BMP"];

const FIELDS = [
  { key: "name", label: "Name or folder holds", hint: "holiday", where: (v) => `path like ${quoted(`*${v}*`)}`, says: (v) => `name holds “${v}”` },
  { key: "format", label: "Format", options: FORMATS, where: (v) => `format = ${quoted(v)}`, says: (v) => v },
  { key: "from", label: "Taken from", hint: "2019 or 2019-06", where: (v) => `taken >= ${quoted(v)}`, says: (v) => `from ${v}` },
  { key: "until", label: "Taken until", hint: "2020", where: (v) => `taken <= ${quoted(v)}`, says: (v) => `until ${v}` },
  { key: "wide", label: "Pixels wide, at least", hint: "1000", where: (v) => `width >= ${quoted(v)}`, says: (v) => `${v} pixels wide` },
  { key: "heavy", label: "File larger than", hint: "1MB", where: (v) => `size > ${quoted(v)}`, says: (v) => `over ${v}` },
];

export const FILTER_KEYS = FIELDS.map((field) => field.key);

/** The condition that the address's parameters make up; empty for none. */
export function whereOf(params) {
  return FIELDS.filter((field) => params.get(field.key)).map((field) => field.where(params.get(field.key))).join(" and ");
}

function quoted(value) {
  return value.includes('"') ? `'${value.replaceAll("'", "?")}'` : `"${value}"`;
}

/** A button that opens the fields, and a chip for each condition; `changed(parts)` hears of changes. */
export class Filters {
  constructor(changed) {
    this.changed = changed;
    this.panel = el("form", { class: "filters card", id: "filters", "aria-label": "Filters", hidden: true, on: { submit: (event) => event.preventDefault() } },
      FIELDS.map((field) => el("label", { class: "named" }, field.label, input(field, (value) => changed({ [field.key]: value })))),
      button("Clear all", () => changed(Object.fromEntries(FILTER_KEYS.map((key) => [key, ""]))), { kind: "plain" }));
    this.opener = button("Filter", () => this.open(this.panel.hidden), { icon: "filter", "aria-expanded": "false", "aria-controls": "filters" });
    this.chips = el("div", { class: "row chips" });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.open(false);
      this.opener.focus();
    });
  }

  open(wanted) {
    this.panel.hidden = !wanted;
    this.opener.setAttribute("aria-expanded", String(wanted));
    if (wanted) this.panel.querySelector("input, select").focus();
  }

  /** Shows what the address says. */
  follow() {
    const { params } = here();
    for (const field of FIELDS) {
      const at = this.panel.elements[field.key];
      if (document.activeElement !== at) at.value = params.get(field.key) || "";
    }
    const set = FIELDS.filter((field) => params.get(field.key));
    fill(this.chips, set.map((field) => button(field.says(params.get(field.key)), () => this.changed({ [field.key]: "" }), {
      icon: "close", kind: "chip", "aria-label": `Remove the filter: ${field.says(params.get(field.key))}`,
    })));
  }
}

function input(field, changed) {
  if (field.options) {
    return el("select", { class: "field", name: field.key, on: { change: (event) => changed(event.target.value) } },
      el("option", { value: "", text: "any" }), field.options.map((one) => el("option", { value: one, text: one })));
  }
  return el("input", {
    class: "field", name: field.key, placeholder: field.hint, autocomplete: "off", spellcheck: "false",
    on: { change: (event) => changed(event.target.value.trim()) },
  });
}

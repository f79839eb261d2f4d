// Numbers and names as people read them; the same words as in lookalike's reports.

import { el } from "./dom.js";

const LOOKS = {
  "same file": "sure", "same picture": "sure", "edited copy": "copy", "same class": "sure", similar: "like", different: "apart",
};
const COPIES = new Set(["same file", "same picture", "edited copy"]);

export const LEVELS = Object.keys(LOOKS);

/** What each step of the ladder looks at. */
export const RUNGS = {
  bytes: "the bytes", pixels: "the pixels", hash: "the marks of light and dark", embedding: "the overall look",
  geometry: "the details that fall into place", user: "your own answer",
};

/** A probability from which a copy is called one without a question mark. */
const SURE = 0.9;

/** A probability in percent, never rounded to certainty. */
export function percent(probability) {
  if (probability >= 1) return "100 %";
  if (probability > 0.999) return "> 99.9 %";
  if (probability < 0.001) return "< 0.1 %";
  const whole = probability >= 0.01 && probability < 0.985;
  return `${(100 * probability).toFixed(whole ? 0 : 1)} %`;
}

/** "1 file", "12,000 files". */
export function count(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** A number of bytes, in decimal units as disks are sold. */
export function size(n_bytes) {
  if (n_bytes < 1000) return count(n_bytes, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let amount = n_bytes / 1000;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount.toFixed(amount >= 99.95 ? 0 : 1)} ${units[unit]}`;
}

export const pixels = (width, height) => `${width} × ${height}`;

/** A copy, but not surely so. */
export function isDoubtful(said) {
  return isCopy(said) && said.probability < SURE;
}

export const isCopy = (said) => COPIES.has(said.verdict);

/** How probable it is that two pictures are alike, whatever the verdict says. */
export const alikeness = (said) => said.alike ?? (said.verdict === "different" ? 1 - said.probability : said.probability);

/** The verdict's name on a bed of its colour; dashed where it is a copy only perhaps. */
export function verdict(said) {
  const doubt = isDoubtful(said);
  const look = LOOKS[said.verdict] || "apart";
  return el("span", { class: `verdict ${look}${doubt ? " doubt" : ""}`, text: doubt ? `${said.verdict}?` : said.verdict });
}

/** File name and folder of a path; a control character is shown as its code. */
export function name(path) {
  const cut = path.lastIndexOf("/");
  return { file: visible(path.slice(cut + 1)), folder: visible(path.slice(0, cut + 1)) };
}

/** A name that is safe to show: what has no shape, or turns the writing, as a code. */
export function visible(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, "0")}`);
}

/** "3 min 20 s". */
export function duration(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A moment as this browser's user writes it. */
export function moment(iso) {
  const when = new Date(iso);
  return Number.isNaN(when.getTime()) ? iso : when.toLocaleString();
}

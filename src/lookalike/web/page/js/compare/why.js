// Why two pictures are alike: the parts that likeness rests on, drawn over both.

import { el } from "../dom.js";
import { upload } from "../api.js";
import { percent } from "../words.js";

const SVG = "http://www.w3.org/2000/svg";

/** Asks for the reasons and gives the overlays; `parts` are those of the form, `shown` the images' addresses. */
export async function why(parts, shown, letters, signal) {
  const report = await upload("explain", parts, signal);
  const [a, b] = letters;
  const place = el("div", { class: "stack why-parts" },
    el("div", { class: "overlays" },
      overlay(report.first, shown[0], a, report.outline?.second_in_first, b),
      overlay(report.second, shown[1], b, report.outline?.first_in_second, a)),
    el("p", { class: "soft small", text: sentence(report) }));
  return place;
}

function sentence(report) {
  const parts = report.first.regions.length;
  const points = report.outline ? `${report.outline.inliers} of ${report.outline.matches} points found in both fall into place; the frame of the one is drawn in the other. ` : "";
  if (!parts) return `${points}No part stands out: likeness lies over the whole pictures.`;
  const { first, score } = report;
  return `${points}Marked is what likeness rests on: with the marked parts of the first covered the overall look falls from ${score.toFixed(2)} to ${first.score_without.toFixed(2)}, with as much covered elsewhere to ${first.score_without_others.toFixed(2)}.`;
}

function overlay(side, address, letter, frame, other) {
  const image = el("img", { src: address, alt: `${letter}: ${words(side)}` });
  const marks = svg("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", class: "marks", "aria-hidden": "true" });
  cells(marks, side.weights);
  for (const { box } of side.regions) {
    const [left, top, right, bottom] = box;
    marks.append(svg("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "region" }));
  }
  if (frame) marks.append(svg("polygon", { points: frame.map((point) => point.join(",")).join(" "), class: "frame-of" }));
  return el("figure", {}, el("div", { class: "marked" }, image, marks), el("figcaption", { class: "small soft", text: frame ? `${letter}, with the frame of ${other}` : letter }));
}

/** Veils what does not speak for likeness. */
function cells(marks, weights) {
  const most = Math.max(...weights.flat(), 1e-9);
  const g = weights.length;
  weights.forEach((row, y) => row.forEach((weight, x) => {
    const veil = 0.5 * (1 - Math.max(0, weight) / most);
    marks.append(svg("rect", { x: x / g, y: y / g, width: 1 / g, height: 1 / g, class: "veil", "fill-opacity": veil.toFixed(3) }));
  }));
}

function words(side) {
  if (!side.regions.length) return "no part stands out";
  return side.regions.slice(0, 3).map(({ box: [left, top, right, bottom], weight }) => `${where((left + right) / 2, (top + bottom) / 2)} ${percent(weight)}`).join(", ");
}

function where(x, y) {
  const column = x < 0.36 ? "left" : x > 0.64 ? "right" : "";
  const row = y < 0.36 ? "upper" : y > 0.64 ? "lower" : "";
  return [row, column].filter(Boolean).join(" ") || "middle";
}

function svg(tag, given) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  return made;
}

// From decisions to moved files: a summary first, then the move, then the way back.

import { el, fill, button, sheet } from "../dom.js";
import { get, post, thumbnail } from "../api.js";
import { finished } from "../jobs.js";
import { problem, waits } from "../notes.js";
import { count, moment, size, visible } from "../words.js";

const SHOWN = 300;

/** Asks what would move and lets the user confirm it; `done(report)` hears of the move. */
export async function confirmClean({ terms, decisions, everything, done, progress }) {
  const page = sheet("Before anything moves", { css: "sheet-dialog" });
  const plan = async (all) => {
    fill(page.body, waits("Checking every file"));
    try {
      const made = await post("plans", { ...terms, ...decisions.plan(all) });
      fill(page.body, scope(decisions, all, everything, plan), made.files ? summary(page, made, done, progress) : nothing());
    } catch (error) {
      fill(page.body, problem(error, () => plan(all)));
    }
  };
  await plan(decisions.accepted.length === 0);
}

function scope(decisions, all, everything, plan) {
  const one = (value, text, disabled) => el("label", { class: "row choice" },
    el("input", { type: "radio", name: "scope", checked: all === value, disabled, on: { change: () => plan(value) } }), text);
  const many = decisions.accepted.length;
  const skipped = decisions.skipped.length;
  return el("fieldset", { class: "stack" }, el("legend", { class: "unseen", text: "Which groups" }),
    one(false, `The ${count(many, "group")} that I accepted`, many === 0),
    one(true, `All ${count(everything, "group")} that are listed${skipped ? `, except the ${skipped} that I skipped` : ""}`, false));
}

const nothing = () => el("p", { class: "soft", text: "Nothing would move: in these groups every file stays." });

function summary(page, plan, done, progress) {
  const go = button(`Move ${count(plan.files, "file")} aside`, () => apply(page, plan, done, progress), { icon: "check", kind: "main" });
  const companions = plan.removals.reduce((sum, removal) => sum + removal.companions.length, 0);
  return el("div", { class: "stack summary" },
    el("p", { class: "big" }, el("strong", { text: count(plan.files, "file") }), " move aside, which frees ", el("strong", { text: size(plan.size_bytes) }), "."),
    el("p", { class: "soft", text: `Nothing is deleted: they go into a folder beside your pictures, and one click brings all of them back. One copy of each picture stays where it is.${companions ? ` ${count(companions, "sidecar or raw file")} ${companions === 1 ? "goes" : "go"} along.` : ""}` }),
    el("div", { class: "moves", tabindex: "0", role: "region", "aria-label": "What moves" }, el("table", {},
      el("thead", {}, el("tr", {}, ["moves aside", "stays", "why"].map((text) => el("th", { scope: "col", text })))),
      el("tbody", {}, plan.removals.slice(0, SHOWN).map(line)))),
    plan.removals.length > SHOWN ? el("p", { class: "soft small", text: `and ${(plan.removals.length - SHOWN).toLocaleString("en")} more` }) : null,
    el("div", { class: "row" }, go, button("Not now", () => page.close(), { kind: "plain" })));
}

function line(removal) {
  const cell = (path, digest) => el("td", {}, el("span", { class: "row thumb-line" },
    el("img", { src: thumbnail(digest, 48), alt: "", loading: "lazy" }), el("span", { text: visible(path) })));
  return el("tr", {}, cell(removal.path, removal.digest), cell(removal.keeper, removal.keeper_digest), el("td", { class: "soft", text: visible(removal.reason) }));
}

async function apply(page, plan, done, progress) {
  fill(page.body, waits("Moving"));
  try {
    const job = await post(`plans/${plan.plan}/apply`, { files: plan.files });
    progress(job);
    const report = await finished(job);
    page.close();
    done(report);
  } catch (error) {
    fill(page.body, problem(error));
  }
}

/** Brings the files of an operation back. */
export async function undoClean(operation, progress = () => {}) {
  const job = await post(`operations/${operation}/undo`, {});
  progress(job);
  return finished(job);
}

/** The clean-ups so far, each with its way back; `undone(report)` hears of one. */
export async function showHistory(undone) {
  const page = sheet("Earlier clean-ups", { css: "sheet-dialog" });
  fill(page.body, waits("Looking"));
  try {
    const { operations } = await get("operations");
    const back = async (one, made) => {
      made.disabled = true;
      try {
        undone(await undoClean(one.operation));
        page.close();
      } catch (error) {
        page.body.prepend(problem(error));
      }
    };
    const rows = operations.toReversed().map((one) => {
      const can = one.state === "complete" || one.state === "interrupted";
      const made = button("Bring back", () => back(one, made), { icon: "undo", disabled: !can });
      return el("tr", {}, el("td", { text: moment(one.when) }), el("td", { text: count(one.files, "file") }), el("td", { text: size(one.size_bytes) }), el("td", { text: one.state }), el("td", {}, can ? made : null));
    });
    fill(page.body, rows.length
      ? el("table", {}, el("thead", {}, el("tr", {}, ["when", "moved aside", "room", "state", ""].map((text) => (text ? el("th", { scope: "col", text }) : el("td", {}))))), el("tbody", {}, rows))
      : el("p", { class: "soft", text: "None yet. What you move aside will be listed here, with a way to bring it back." }));
  } catch (error) {
    fill(page.body, problem(error));
  }
}

/** What a finished move or its undoing says. */
export function told(report) {
  const many = count(report.moved.length, "file");
  const left = report.skipped.length ? ` ${count(report.skipped.length, "file")} left alone: ${visible(report.skipped[0].reason)}` : "";
  if (report.action === "undo") return `${many} back where ${report.moved.length === 1 ? "it was" : "they were"}.${left}`;
  return `${many} moved aside, ${size(report.size_bytes)} freed.${left}`;
}


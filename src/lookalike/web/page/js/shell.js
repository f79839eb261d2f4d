// The bar: where one can go, what runs, and the tools. It also knows the state of the server.

import { el, fill, button, icon } from "./dom.js";
import { get } from "./api.js";
import { address } from "./router.js";
import { theme, turnTheme } from "./theme.js";
import { keysEverywhere, showKeys } from "./keys.js";
import { complain, toast } from "./notes.js";
import { interrupt, run, watch } from "./jobs.js";
import { count } from "./words.js";
import { VIEWS } from "./views.js";

const LOOK_AGAIN_MS = 2500;
const REST_MS = 30000;

export class Shell {
  constructor(bar) {
    this.bar = bar;
    this.heard = new Set();
    this.watched = new Set();
  }

  /** Asks the server for its state and draws the bar. */
  async start() {
    this.status = await get("status");
    this.draw();
    keysEverywhere([
      ...this.views.map((view, i) => ({ keys: [String(i + 1)], says: view.title, act: () => { location.hash = address(view.name); } })),
      { keys: ["t"], says: "Light or dark", act: () => this.turn() },
      { keys: ["?"], says: "This sheet", act: () => showKeys() },
    ]);
    this.takeJobs();
    this.lookAgain();
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  get views() {
    return VIEWS.filter((view) => this.offers(view));
  }

  /** Whether the server has what a view needs. */
  offers(view) {
    return this.status.features.includes(view.needs);
  }

  /** Hears of each new state; gives what ends the hearing. */
  hear(act) {
    this.heard.add(act);
    return () => this.heard.delete(act);
  }

  /** Asks for the state again. */
  async refresh() {
    try {
      this.status = await get("status");
    } catch (error) {
      if (error.status === 401 || error.status === 0) complain(error);
      return;
    }
    this.takeJobs();
    for (const act of this.heard) act(this.status);
  }

  /** Whether the server has yet to make its "copies" or its "map"; a refusal would be told as an error. */
  async lacks(what) {
    if (this.status[what] === "none") await this.refresh();
    return this.status[what] === "none";
  }

  lookAgain() {
    const busy = this.status.jobs.some((job) => job.state === "running");
    setTimeout(async () => {
      if (!document.hidden) await this.refresh();
      this.lookAgain();
    }, busy ? LOOK_AGAIN_MS : REST_MS);
  }

  takeJobs() {
    for (const job of this.status.jobs) if (job.state === "running") this.follow(job);
  }

  /** Shows how far a job is, until it ends. */
  async follow(job) {
    if (this.watched.has(job.job)) return;
    this.watched.add(job.job);
    const line = el("div", { class: "running", data: { kind: job.kind } });
    this.runs.append(line);
    const end = await watch(job, (now) => this.progress(line, now)).catch(() => null);
    line.remove();
    if (end?.state === "failed" && end.kind === "index") complain({ what: end.error?.error, mend: end.error?.mend });
    if (end?.state === "done" && end.kind === "index" && end.result?.added) toast(`${count(end.result.added, "new picture")} in the index`);
    await this.refresh();
  }

  progress(line, job) {
    const share = job.total ? Math.round((100 * job.done) / job.total) : 0;
    const far = job.total ? `${job.done.toLocaleString("en")} of ${job.total.toLocaleString("en")}` : "";
    if (!line.firstChild) {
      const stops = job.kind === "index" || job.kind === "duplicates";
      fill(line,
        el("span", { class: "phase" }),
        el("span", { class: "bar", role: "progressbar", "aria-label": job.kind, "aria-valuemin": 0, "aria-valuemax": 100 }, el("span")),
        stops ? button("Stop", () => interrupt(job).catch(complain), { title: "What was done so far is kept" }) : null);
    }
    line.querySelector(".phase").textContent = job.phase || (job.kind === "index" ? "Reading pictures" : "Working");
    const bar = line.querySelector(".bar");
    bar.setAttribute("aria-valuenow", share);
    bar.setAttribute("aria-valuetext", far);
    bar.title = far;
    bar.firstChild.style.setProperty("width", `${share}%`);
  }

  /** Brings the index up to date with the folder. */
  async readAgain() {
    try {
      const result = await run("index", { seen: (job) => this.follow(job) });
      if (!result.added && !result.linked && !result.vanished) toast("The index is up to date");
    } catch (error) {
      complain(error);
    }
  }

  /** Marks the view that shows. */
  mark(name) {
    for (const link of this.bar.querySelectorAll(".tabs a")) {
      if (link.dataset.view === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  turn() {
    turnTheme();
    fill(this.themeButton, icon(theme() === "dark" ? "sun" : "moon"));
  }

  draw() {
    this.runs = el("div", { class: "runs" });
    this.themeButton = button("Light or dark", () => this.turn(), { icon: theme() === "dark" ? "sun" : "moon", kind: "plain", only: true });
    const tabs = this.views.map((view) => el("a", { href: address(view.name), data: { view: view.name } }, icon(view.sign), el("span", { text: view.title })));
    fill(this.bar,
      el("a", { class: "brand", href: "#/search", "aria-label": "lookalike, to the start" }, icon("brand"), el("span", { text: "lookalike" })),
      el("nav", { class: "tabs", "aria-label": "Views" }, tabs),
      el("div", { class: "tools" }, this.runs, this.themeButton,
        button("Keys", () => showKeys(), { icon: "keys", kind: "plain keyboard-only", only: true })));
  }
}

// Match: for each picture of one folder its original in another, to accept or reject.

import { el, fill, button } from "../dom.js";
import { get, thumbnail, view } from "../api.js";
import { change } from "../router.js";
import { interrupt, run } from "../jobs.js";
import { keysOfView } from "../keys.js";
import { complain, empty, problem, settledSay } from "../notes.js";
import { count, name, percent, RUNGS, visible } from "../words.js";

const SIGNS = { accepted: "✓", rejected: "✕" };

export function open(place, shell) {
  return new Match(place, shell);
}

class Match {
  constructor(place, shell) {
    this.shell = shell;
    this.said = new Map();
    this.targets = el("select", { class: "field" });
    this.sources = el("select", { class: "field" });
    this.once = el("input", { type: "checkbox" });
    this.go = button("Match", () => change({ targets: this.targets.value, sources: this.sources.value, once: this.once.checked ? "1" : "" }), { icon: "match", kind: "main" });
    this.note = el("div", { class: "note" });
    this.list = el("div", { class: "match-list", role: "listbox", "aria-label": "Pictures to match", tabindex: "-1" });
    this.pair = el("section", { class: "review", "aria-label": "Picture and original" });
    this.body = el("div", { class: "two", hidden: true }, el("div", { class: "groups" }, this.list), this.pair);
    this.foot = el("div", { class: "foot", hidden: true });
    fill(place, el("h1", { class: "unseen", text: "Match" }),
      el("div", { class: "row terms card" },
        el("label", { class: "named" }, "Poor pictures in", this.targets), el("label", { class: "named" }, "Originals in", this.sources),
        el("label", { class: "row" }, this.once, "Each original once"), this.go),
      this.note, this.body, this.foot);
    keysOfView([
      { keys: ["ArrowDown"], says: "Next picture", act: () => this.show(this.at + 1) },
      { keys: ["ArrowUp"], says: "Picture before", act: () => this.show(this.at - 1) },
      { keys: ["ArrowRight"], says: "Next candidate", act: () => this.candidate(1) },
      { keys: ["ArrowLeft"], says: "Candidate before", act: () => this.candidate(-1) },
      { keys: ["Enter", "a"], says: "Accept this candidate, and go on", act: () => this.decide("accepted") },
      { keys: ["r"], says: "Reject: none of them, and go on", act: () => this.decide("rejected") },
      { keys: ["u", "Ctrl+z"], says: "Take the answer back", act: () => this.decide(null) },
    ]);
    this.ready = get("folders").then(({ folders }) => {
      for (const one of [this.targets, this.sources]) fill(one, folders.map((path) => el("option", { value: path, text: visible(path) || "the whole library" })));
      this.targets.selectedIndex = folders.findIndex((path) => path !== "");
      this.go.disabled = folders.length < 2;
      if (this.go.disabled) fill(this.note, empty("match", "Two folders are needed", "Put the poor pictures into one folder and the originals into another, both inside the folder that is served."));
    });
  }

  close() {
    this.closed = true;
  }

  async follow(params) {
    try {
      await this.ready;
    } catch (error) {
      fill(this.note, problem(error));
      return;
    }
    const [targets, sources] = [params.get("targets"), params.get("sources")];
    if (targets === null || sources === null) {
      if (!this.go.disabled) fill(this.note, empty("match", "Which picture is the original?", "Choose a folder of poor pictures, such as scans or phone shots of prints, and the folder of originals."));
      return;
    }
    Object.assign(this.targets, { value: targets });
    Object.assign(this.sources, { value: sources });
    this.once.checked = params.get("once") === "1";
    await this.find({ targets, sources, one_to_one: this.once.checked });
  }

  async find(asked) {
    let job = null;
    this.body.hidden = true;
    this.foot.hidden = true;
    const line = el("span", { class: "waits", role: "status", text: "Matching" });
    fill(this.note, el("div", { class: "row finding" }, line, button("Stop", () => job && interrupt(job).catch(complain))));
    try {
      this.report = await run("match", { match: asked, seen: (now) => {
        job = now;
        line.textContent = now.total ? `${now.phase}: ${Math.round((100 * now.done) / now.total)} %` : now.phase || "Matching";
      } });
    } catch (error) {
      fill(this.note, problem(error, () => this.find(asked)));
      return;
    }
    if (this.closed) return;
    const { targets, matches } = this.report;
    fill(this.note, targets.length ? el("p", { class: "soft", text: `${count(matches, "picture")} of ${targets.length.toLocaleString("en")} with an original.` }) : empty("match", "No picture to match", "The folder holds none that can be read."));
    this.said.clear();
    this.body.hidden = !targets.length;
    if (!targets.length) return;
    this.show(0);
    // Enter is for accepting now, no longer for the button above.
    this.list.focus({ preventScroll: true });
  }

  digest(path) {
    return this.report.digests[path];
  }

  show(index) {
    if (!this.report || index < 0 || index >= this.report.targets.length) return;
    this.at = index;
    const one = this.report.targets[index];
    this.place = Math.max(0, one.candidates.findIndex((candidate) => candidate.path === this.said.get(index)?.source));
    this.draw();
    settledSay(`${name(one.target).file}: ${one.original ? `original ${name(one.original).file}, ${percent(one.probability)} sure` : "no match"}`);
  }

  candidate(by) {
    const { candidates } = this.report.targets[this.at];
    this.place = (this.place + by + candidates.length) % candidates.length;
    this.draw();
  }

  decide(state) {
    if (!this.report) return;
    const one = this.report.targets[this.at];
    if (state) this.said.set(this.at, { state, target: one.target, source: state === "accepted" ? one.candidates[this.place].path : "" });
    else this.said.delete(this.at);
    if (state && this.at + 1 < this.report.targets.length) this.show(this.at + 1);
    else this.draw();
  }

  draw() {
    const one = this.report.targets[this.at];
    const candidate = one.candidates[this.place];
    const from = Math.max(0, this.at - 30);
    fill(this.list, this.report.targets.slice(from, from + 120).map((target, i) => this.row(target, from + i)));
    this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    const said = this.said.get(this.at);
    fill(this.pair,
      el("div", { class: "row group-title" }, el("h2", { text: `${(this.at + 1).toLocaleString("en")} of ${this.report.targets.length.toLocaleString("en")}` }),
        one.original ? el("span", { class: "verdict sure", text: "match" }) : el("span", { class: "verdict apart", text: "no match" }),
        el("span", { class: "soft numbers", text: `the first candidate: ${percent(one.probability)} sure` }),
        said ? el("span", { class: `state ${said.state}`, text: `${SIGNS[said.state]} ${said.state}` }) : null),
      el("div", { class: "face", "data-way": "side" }, figure(this.digest(one.target), one.target, "The picture"), figure(this.digest(candidate.path), candidate.path, `Candidate ${this.place + 1} of ${one.candidates.length}: ${percent(candidate.probability)} sure`)),
      el("p", { class: "soft small why-match", text: why(candidate) }),
      el("div", { class: "row acts" },
        button("Accept", () => this.decide("accepted"), { icon: "check", kind: "main", key: "⏎" }), button("Reject", () => this.decide("rejected"), { icon: "close", key: "R" }),
        button("Undo", () => this.decide(null), { icon: "undo", kind: "plain", key: "U", disabled: !said }),
        button("Other candidate", () => this.candidate(1), { kind: "plain push", key: "→", disabled: one.candidates.length < 2 })),
      el("div", { class: "strip" }, one.candidates.map((other, i) => el("button", {
        type: "button", class: "member small-member", "aria-pressed": String(i === this.place), "aria-label": `Candidate ${i + 1}, ${percent(other.probability)} sure`,
        on: { click: () => { this.place = i; this.draw(); } },
      }, el("span", { class: "well" }, el("img", { src: thumbnail(this.digest(other.path), 120), alt: "" })), el("span", { class: "numbers", text: percent(other.probability) })))));
    this.footer();
  }

  row(target, index) {
    const state = this.said.get(index)?.state || "";
    return el("div", {
      class: `group-row ${state}`, role: "option", "aria-selected": String(index === this.at), "aria-current": index === this.at ? "true" : null,
      "aria-label": `${name(target.target).file}, ${target.original ? "match" : "no match"} ${state}`, on: { click: () => this.show(index) },
    }, el("img", { src: thumbnail(this.digest(target.target), 100), alt: "", loading: "lazy" }),
    el("span", { class: "stack" }, el("span", { class: "small file", text: name(target.target).file }), el("span", { class: `verdict ${target.original ? "sure" : "apart"}`, text: target.original ? percent(target.probability) : "no match" })),
    el("span", { class: "sign", text: SIGNS[state] || "" }));
  }

  footer() {
    const accepted = [...this.said.values()].filter((one) => one.state === "accepted");
    this.foot.hidden = false;
    fill(this.foot, el("p", { class: "numbers", text: this.said.size ? `${count(this.said.size, "picture")} decided: ${accepted.length.toLocaleString("en")} accepted` : "Accept or reject; then save what you accepted." }),
      button("Save as CSV", () => save(accepted), { icon: "upload", kind: accepted.length ? "main push" : "push", disabled: !accepted.length }));
  }
}

function figure(digest, path, title) {
  return el("figure", {}, el("div", { class: "well" }, el("img", { src: view(digest, 1024), alt: visible(path), decoding: "async" })),
    el("figcaption", {}, el("strong", { text: name(path).file }), el("div", { class: "soft small", text: title })));
}

/** What put a candidate where it is. */
function why({ rung, reason }) {
  const by = RUNGS[rung] || rung;
  return `Found by ${by}${reason && reason !== by ? `: ${visible(reason)}` : ""}.`;
}

/** Hands the accepted pairs to the user as a file. */
function save(accepted) {
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const text = ["target,source", ...accepted.map((one) => `${cell(one.target)},${cell(one.source)}`)].join("\r\n");
  const link = el("a", { href: URL.createObjectURL(new Blob([`${text}\r\n`], { type: "text/csv" })), download: "matched.csv" });
  link.click();
  URL.revokeObjectURL(link.href);
}

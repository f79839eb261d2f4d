// Duplicates: the groups of copies, decided one by one, then moved aside together.

import { el, fill, button } from "../dom.js";
import { get, post } from "../api.js";
import { change, here } from "../router.js";
import { finished, interrupt, run } from "../jobs.js";
import { keysOfView } from "../keys.js";
import { newest } from "../draw/live.js";
import { complain, empty, problem, say, settledSay, toast, waits } from "../notes.js";
import { count, percent, size } from "../words.js";
import { confirmClean, showHistory, told, undoClean } from "./cleanup.js";
import { Decisions } from "./decisions.js";
import { Groups } from "./groups.js";
import { List } from "./list.js";
import { Review } from "./review.js";

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];
const USUAL = 3;
const LEVELS = { "edited copy": "edited copies and surer", "same picture": "same pictures and surer", "same file": "same files only" };

export function open(place, shell) {
  return new Duplicates(place, shell);
}

class Duplicates {
  constructor(place, shell) {
    this.shell = shell;
    this.groups = new Groups();
    this.decisions = new Decisions();
    this.list = new List(this.groups, this.decisions, (index) => this.show(index));
    this.review = new Review(this.decisions, { accept: () => this.accept(), keep: () => this.keep(), apart: () => this.apart(), skip: () => this.skip(), undo: () => this.undo() });
    this.slider = el("input", { type: "range", min: 0, max: STEPS.length - 1, value: String(USUAL), id: "wrong", on: { input: () => this.slid() } });
    this.bound = el("output", { for: "wrong", class: "numbers" });
    this.level = el("select", { class: "field", on: { change: () => change({ level: this.level.value }) } }, Object.entries(LEVELS).map(([value, text]) => el("option", { value, text })));
    this.sum = el("p", { class: "sum numbers", "aria-live": "off" });
    this.note = el("div", { class: "note" });
    this.body = el("div", { class: "two", hidden: true }, this.list.place, this.review.place);
    this.foot = el("div", { class: "foot", hidden: true });
    this.regroup = newest(() => this.load());
    fill(place,
      el("h1", { class: "unseen", text: "Duplicates" }),
      el("div", { class: "row terms card" },
        el("label", { class: "named wrong", for: "wrong" }, el("span", {}, "Wrong pairs at most: ", this.bound), this.slider),
        el("label", { class: "named" }, "List", this.level), this.sum,
        button("Earlier clean-ups", () => showHistory((report) => this.undone(report)), { icon: "undo", kind: "plain" })),
      this.note, this.body, this.foot);
    keysOfView([
      { keys: ["ArrowRight"], says: "Next file of the group", act: () => this.shown && this.review.step(1) },
      { keys: ["ArrowLeft"], says: "File before", act: () => this.shown && this.review.step(-1) },
      { keys: ["ArrowDown"], says: "Next group", act: () => this.show(this.at + 1) },
      { keys: ["ArrowUp"], says: "Group before", act: () => this.show(this.at - 1) },
      { keys: ["Enter"], says: "Accept the group as it is marked, and go on", act: () => this.accept() },
      { keys: ["k"], says: "Keep this file, or give it up", act: () => this.keep() },
      { keys: ["o"], says: "Keep only this file", act: () => this.only() },
      { keys: ["n"], says: "This file is not a duplicate", act: () => this.apart() },
      { keys: ["s"], says: "Skip the group: all its files stay", act: () => this.skip() },
      { keys: ["u", "Ctrl+z"], says: "Take the last step back", act: () => this.undo() },
      { keys: ["b"], says: "Side by side", act: () => this.review.face.turn("side") },
      { keys: ["f"], says: "Flicker", act: () => this.review.face.turn("flicker") },
      { keys: ["d"], says: "Difference", act: () => this.review.face.turn("difference") },
      { keys: ["c"], says: "Clean up", act: () => this.clean() },
    ]);
    this.stopHearing = shell.hear((status) => this.hear(status));
  }

  close() {
    this.stop?.abort();
    this.stopHearing();
    this.list.close();
    this.review.close();
  }

  get terms() {
    return { wrong_at_most: STEPS[Number(this.slider.value)], level: this.level.value };
  }

  follow(params) {
    const wanted = STEPS.indexOf(Number(params.get("wrong")));
    this.slider.value = String(wanted >= 0 ? wanted : USUAL);
    this.level.value = params.get("level") in LEVELS ? params.get("level") : "edited copy";
    this.bounded();
    this.regroup();
  }

  slid() {
    this.bounded();
    const wrong = STEPS[Number(this.slider.value)];
    const { params } = here();
    const to = new URLSearchParams(params);
    to.set("wrong", wrong);
    history.replaceState(null, "", `#/duplicates?${to}`);
    this.regroup();
  }

  bounded() {
    const text = percent(STEPS[Number(this.slider.value)]);
    this.bound.textContent = text;
    this.slider.setAttribute("aria-valuetext", `${text} at most`);
  }

  hear(status) {
    if (status.copies === "stale" && this.groups.head && !this.offered) {
      this.offered = true;
      fill(this.note, el("p", { class: "row card stale" }, "The folder has changed since the copies were found.", button("Find them again", () => this.find(), { kind: "main" })));
    }
  }

  /** Groups anew under the terms that are set, and stays at the same files where it can. */
  async load() {
    const path = this.shown?.keeper;
    if (!this.groups.head && (await this.shell.lacks("copies"))) {
      await this.find();
      return;
    }
    this.stop?.abort();
    this.stop = new AbortController();
    try {
      const head = await this.groups.ask(this.terms, this.stop.signal);
      this.sums(head);
      this.body.hidden = !this.groups.total;
      if (!this.groups.total) {
        this.shown = null;
        this.list.draw();
        this.none(head);
      } else {
        this.note.querySelector(".empty, .problem, .waits, .finding")?.remove();
        const found = path ? this.groups.find(path) : 0;
        await this.show(found >= 0 ? found : Math.min(this.at ?? 0, this.groups.total - 1), this.review.group ? this.review.member?.path : undefined);
      }
      this.footer();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.status === 409) await this.find();
      else fill(this.note, problem(error, () => this.regroup()));
    }
  }

  sums(head) {
    fill(this.sum, el("strong", { text: count(head.total_groups, "group") }), `, ${count(head.spare_files, "file")} to spare, `, el("strong", { text: size(head.spare_bytes) }), el("span", { class: "soft", text: `. ${trust(head)}` }));
    settledSay(this.sum.textContent);
  }

  none(head) {
    const more = head.wrong_at_most < 0.05 ? " Allow more wrong pairs to see less sure ones." : "";
    fill(this.note, empty("check", "No copies here", `${count(head.files, "file")} looked at.${more}`));
  }

  /** Finds the copies of the whole library, showing how far it is. */
  async find() {
    this.body.hidden = true;
    const line = el("p", { class: "waits", role: "status", text: "Finding copies" });
    const stop = button("Stop", () => this.job && interrupt(this.job).catch(complain));
    fill(this.note, el("div", { class: "row finding" }, line, stop));
    try {
      const running = (await get("jobs")).jobs.find((job) => job.kind === "index" && job.state === "running");
      if (running) {
        line.textContent = "Reading the pictures first";
        this.job = running;
        await finished(running, (job) => { line.textContent = `${job.phase || "Reading pictures"}: ${job.done.toLocaleString("en")}${job.total ? ` of ${job.total.toLocaleString("en")}` : ""}`; });
      }
      await run("duplicates", { seen: (job) => {
        this.job = job;
        line.textContent = job.total ? `${job.phase || "Finding copies"}: ${Math.round((100 * job.done) / job.total)} %` : job.phase || "Finding copies";
      } });
      this.offered = false;
      fill(this.note);
      await this.shell.refresh();
      await this.load();
    } catch (error) {
      fill(this.note, problem(error, () => this.find()));
    }
  }

  async show(index, path) {
    if (index < 0 || index >= this.groups.total) return;
    this.at = index;
    this.list.show(index);
    const group = await this.groups.get(index);
    if (!group || this.at !== index) return;
    this.shown = group;
    this.review.show(group, index, this.groups.total, path);
    settledSay(`Group ${index + 1} of ${this.groups.total}, ${count(group.members.length, "file")}, ${group.verdict}`);
    this.groups.get(index + 1);
  }

  /** Draws what a decision changed. */
  drawn() {
    this.review.draw();
    this.list.draw();
    this.footer();
  }

  accept() {
    if (!this.shown) return;
    this.decisions.accept(this.shown);
    this.drawn();
    this.on("Accepted");
  }

  skip() {
    if (!this.shown) return;
    this.decisions.skip(this.shown);
    this.drawn();
    this.on("Skipped");
  }

  /** Goes on to the next group, or says that this was the last one. */
  on(done) {
    if (this.at + 1 < this.groups.total) this.show(this.at + 1);
    else toast(`${done}. This was the last group.`, this.decisions.accepted.length ? { action: { label: "Clean up", act: () => this.clean() } } : {});
  }

  keep() {
    if (!this.shown) return;
    const { path } = this.review.member;
    if (this.decisions.toggle(this.shown, path)) say(this.decisions.of(this.shown).keep.has(path) ? "Stays" : "Goes");
    else toast("The last file that stays cannot be given up. Keep another one first.");
    this.drawn();
  }

  only() {
    if (!this.shown) return;
    this.decisions.only(this.shown, this.review.member.path);
    this.drawn();
  }

  /** Says that the file in focus is no copy of the others. */
  async apart() {
    const { shown: group, review } = this;
    if (!group || review.against.digest === review.member.digest) return;
    const { digest } = review.member;
    const pairs = group.members.filter((member) => member.digest !== digest).map((member) => ({ a: member.digest, b: digest }));
    const answer = (same) => post("answers", { pairs: pairs.map((pair) => ({ ...pair, same })) });
    try {
      await answer(false);
      this.decisions.note("not a duplicate", group, async () => {
        await answer(null);
        await this.load();
      });
      say("Not a duplicate. It will not be listed again.");
      await this.load();
    } catch (error) {
      complain(error);
    }
  }

  async undo() {
    const step = await this.decisions.undo().catch(complain);
    if (!step) return;
    say(`Taken back: ${step.says}`);
    const index = this.groups.find(step.path);
    if (index >= 0) await this.show(index);
    this.drawn();
  }

  footer() {
    const { groups, files, bytes } = this.decisions.sum;
    this.foot.hidden = !this.groups.total;
    fill(this.foot,
      el("p", { class: "numbers" }, groups ? [el("strong", { text: count(groups, "group") }), ` accepted: ${count(files, "file")} to move aside, ${size(bytes)}`] : "Nothing moves until you have seen and confirmed a summary."),
      button("Clean up", () => this.clean(), { kind: groups ? "main push" : "push", key: "C" }));
  }

  clean() {
    if (!this.groups.total) return;
    confirmClean({
      terms: this.terms, decisions: this.decisions, everything: this.groups.total,
      progress: (job) => this.shell.follow(job), done: (report) => this.cleaned(report),
    });
  }

  async cleaned(report) {
    this.decisions.clear();
    toast(told(report), { action: { label: "Undo", icon: "undo", act: () => this.takeBack(report) }, lasts_ms: 30000 });
    await this.again();
  }

  async takeBack(report) {
    try {
      this.undone(await undoClean(report.operations.at(-1), (job) => this.shell.follow(job)));
    } catch (error) {
      complain(error);
    }
  }

  async undone(report) {
    toast(told(report));
    await this.again();
  }

  /** Brings index and groups up to date with the folder. */
  async again() {
    fill(this.note, waits("Looking at the folder again"));
    try {
      await run("index", { seen: (job) => this.shell.follow(job) });
    } catch (error) {
      complain(error);
    }
    this.shown = null;
    await this.find();
  }
}

/** How many of the listed pairs are likely wrong, as the command line says it. */
function trust({ pairs, expected_wrong: wrong }) {
  if (!pairs) return "";
  if (wrong < 0.05) return "None of the pairs is expected to be wrong.";
  if (wrong < 0.95) return `One chance in ${Math.max(2, Math.round(1 / wrong))} that one of ${count(pairs, "pair")} is wrong.`;
  return `Of ${count(pairs, "pair")} about ${Math.round(wrong).toLocaleString("en")} expected to be wrong.`;
}

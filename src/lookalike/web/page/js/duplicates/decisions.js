// What the user decided, group by group, with every step undoable.
//
// A decision belongs to exactly these files: when another promise makes another group of them, it
// has to be decided anew.

import { keyOf } from "./groups.js";

export class Decisions {
  constructor() {
    this.made = new Map();
    this.steps = [];
  }

  /** What was decided: {state: "open" | "accepted" | "skipped", keep: Set of paths}. */
  of(group) {
    return this.made.get(keyOf(group)) || { state: "open", keep: new Set([group.keeper]), group };
  }

  /** Keeps or gives up one file; the last one that stays cannot be given up. False where it cannot. */
  toggle(group, path) {
    const now = this.of(group);
    const keep = new Set(now.keep);
    if (!keep.delete(path)) keep.add(path);
    if (!keep.size) return false;
    this.set(group, { ...now, keep, state: "open" }, now.keep.has(path) ? "gives up a file" : "keeps a file");
    return true;
  }

  /** Keeps this file and no other. */
  only(group, path) {
    this.set(group, { ...this.of(group), keep: new Set([path]), state: "open" }, "keeps another file");
  }

  accept(group) {
    this.set(group, { ...this.of(group), state: "accepted" }, "group accepted");
  }

  skip(group) {
    this.set(group, { ...this.of(group), state: "skipped" }, "group skipped");
  }

  set(group, decision, says) {
    const key = keyOf(group);
    const before = this.made.get(key);
    this.made.set(key, { ...decision, group });
    this.note(says, group, () => {
      if (before) this.made.set(key, before);
      else this.made.delete(key);
    });
  }

  /** Remembers how to take a step back; `back` may be asynchronous. */
  note(says, group, back) {
    this.steps.push({ says, path: group.members[0].path, back });
    if (this.steps.length > 500) this.steps.shift();
  }

  /** Takes the last step back; gives it, or null where there is none. */
  async undo() {
    const step = this.steps.pop();
    if (!step) return null;
    await step.back();
    return step;
  }

  clear() {
    this.made.clear();
    this.steps = [];
  }

  get accepted() {
    return [...this.made.values()].filter((one) => one.state === "accepted");
  }

  get skipped() {
    return [...this.made.values()].filter((one) => one.state === "skipped");
  }

  /** How many files the accepted groups give up, and their room. */
  get sum() {
    const going = this.accepted.flatMap(({ group, keep }) => group.members.filter((member) => !keep.has(member.path)));
    return { groups: this.accepted.length, files: going.length, bytes: going.reduce((sum, member) => sum + member.size_bytes, 0) };
  }

  /** The terms of a plan: the accepted groups only, or all but the skipped ones. */
  plan(everything) {
    // Where the suggestion was taken as it is, the plan makes it again and tells its reason.
    const own = [...this.made.values()].filter(({ state, keep, group }) => state !== "skipped" && !(keep.size === 1 && keep.has(group.keeper)));
    const keep = own.flatMap((one) => [...one.keep]);
    const first = (list) => list.map(({ group }) => group.members[0].path);
    return everything ? { keep, skip: first(this.skipped) } : { keep, only: first(this.accepted) };
  }
}

// The groups of copies, a page at a time, for one promise ("wrong at most") and one least level.

import { get } from "../api.js";

const PAGE = 50;

export class Groups {
  constructor() {
    this.pages = new Map();
    this.head = null;
  }

  /** Asks for the first page under new terms: {wrong_at_most, level}; gives the report's head. */
  async ask(terms, signal) {
    const first = await get("duplicates", { ...terms, offset: 0, limit: PAGE }, signal);
    this.terms = terms;
    this.head = first;
    this.pages = new Map([[0, kept(first)]]);
    return first;
  }

  get total() {
    return this.head?.total_groups ?? 0;
  }

  /** A group that is there already, or undefined. */
  at(index) {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** A group, fetched where it is not there; undefined beyond the end. */
  async get(index) {
    if (index < 0 || index >= this.total) return undefined;
    const number = Math.floor(index / PAGE);
    const { pages } = this;
    if (!pages.has(number)) {
      const coming = get("duplicates", { ...this.terms, offset: number * PAGE, limit: PAGE }).then(kept);
      pages.set(number, Object.assign([], { coming }));
      pages.set(number, await coming);
    } else if (pages.get(number).coming) {
      await pages.get(number).coming;
    }
    return this.pages === pages ? this.at(index) : this.get(index);
  }

  /** Where the group with this file is, among the pages that are there; -1 where it is not. */
  find(path) {
    for (const [number, page] of this.pages) {
      const inside = page.findIndex((group) => group.members.some((member) => member.path === path));
      if (inside >= 0) return number * PAGE + inside;
    }
    return -1;
  }
}

/** The groups of an answer, each with the file that a clean-up would keep, and why. */
function kept({ groups, keepers }) {
  return groups.map((group, i) => ({ ...group, keeper: keepers[i].path, keeper_reason: keepers[i].reason }));
}

/** The pair of two members, or undefined where both have the same bytes as a third. */
export function pairOf(group, one, other) {
  return group.pairs.find((pair) => (pair.first === one && pair.second === other) || (pair.first === other && pair.second === one));
}

/** A name of a group that changes when its members do. */
export const keyOf = (group) => group.members.map((member) => member.path).join("\0");

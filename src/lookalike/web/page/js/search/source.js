// Where the grid's pictures come from: the library, or the answers to a query.

import { bytes, get, upload, Problem } from "../api.js";

const PAGE = 100;

/** All pictures of the library that meet a condition, in an order. */
export async function library({ where, order }, signal) {
  const [shapes, head] = await Promise.all([
    bytes("pictures/shapes", { where, order }, signal),
    get("pictures", { where, order, offset: 0, limit: PAGE }, signal),
  ]);
  const sides = new Uint16Array(shapes);
  const total = Math.min(head.total, sides.length / 2);
  return {
    total,
    size: PAGE,
    aspect: (index) => (sides[2 * index] || 4) / (sides[2 * index + 1] || 3),
    page: async (number, stop) => {
      if (number === 0) return head.pictures;
      return (await get("pictures", { where, order, offset: number * PAGE, limit: PAGE }, stop)).pictures;
    },
  };
}

/** Answers that are all there. */
export function listed(items) {
  return {
    total: items.length,
    size: PAGE,
    aspect: (index) => items[index].width_px / items[index].height_px,
    page: async (number) => items.slice(number * PAGE, (number + 1) * PAGE),
  };
}

/**
 * What is like a picture of the library (`digest`) or a brought one (of `keptPicture`).
 *
 * Without `look` it comes at once, and `doubtful` says how many answers may still change.
 */
export async function alike({ digest, brought, where, k, look = true }, signal) {
  const terms = { k, where, look };
  const report = brought ? await likeBrought(brought, terms, signal) : await get("search", { digest, ...terms }, signal);
  if (report.failed.length) throw new Problem({ error: report.failed[0].reason, mend: "Choose another picture." });
  const [{ hits, doubtful = 0 }] = report.answers;
  return { hits, doubtful, pictures: report.pictures };
}

/** Sends a brought picture once; the server keeps it for the questions that follow, for a while. */
async function likeBrought(brought, terms, signal) {
  if (brought.sent) {
    try {
      return await get("search", { sent: brought.sent, ...terms }, signal);
    } catch (error) {
      if (error.status !== 404) throw error;
    }
  }
  const report = await upload("search", [["picture", brought.blob], ...Object.entries(terms)], signal);
  brought.sent = report.sent;
  return report;
}

// Asking the server. Each call gives the answer's JSON or throws a Problem.

const ROOT = "/api/v1/";

/** What went wrong, where, and what mends it, as the server or this page says. */
export class Problem extends Error {
  constructor({ error, where = "", mend = "" }, status = 0) {
    super(error);
    Object.assign(this, { what: error, where, mend, status });
  }
}

const GONE = { error: "lookalike no longer answers", mend: "Start it again with lookalike serve, then reload this page." };
const STRANGER = { error: "This page is no longer known to lookalike", mend: "Open the address that the terminal shows." };

/** The address of a route; parameters that are empty are left out. */
export function url(route, params = {}) {
  const kept = Object.entries(params).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(kept).toString();
  return `${ROOT}${route}${query ? `?${query}` : ""}`;
}

export function get(route, params, signal) {
  return ask(url(route, params), { signal });
}

export function post(route, body, signal) {
  return ask(url(route), { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal });
}

/** Posts a form with files; `parts` is a list of [name, Blob or text]. */
export function upload(route, parts, signal) {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (value instanceof Blob) form.append(name, value, value.name || `${name}.png`);
    else if (value !== null && value !== undefined && value !== "") form.append(name, String(value));
  }
  return ask(url(route), { method: "POST", body: form, signal });
}

export function remove(route) {
  return ask(url(route), { method: "DELETE" });
}

/** The bytes of an answer. */
export async function bytes(route, params, signal) {
  return (await fetched(url(route, params), { signal })).arrayBuffer();
}

async function ask(address, how) {
  return (await fetched(address, how)).json();
}

async function fetched(address, how) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...how });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(GONE);
  }
  if (answer.ok) return answer;
  if (answer.status === 401) throw new Problem(STRANGER, 401);
  const said = await answer.json().catch(() => ({}));
  throw new Problem({ error: `The server answered ${answer.status}`, ...said }, answer.status);
}

/** Address of a small picture whose longer side is `side_px` on the screen. */
export function thumbnail(digest, side_px = 240) {
  const wanted = side_px * Math.min(2, devicePixelRatio || 1) * 0.85;
  const step = [120, 240, 480, 960].find((one) => one >= wanted) || 960;
  return url(`pictures/${digest}/thumbnail`, { size: step });
}

/** Address of a picture as large as a window. */
export function view(digest, size = 2048) {
  return url(`pictures/${digest}/view`, { size });
}

/** Address of the picture of where two pictures differ. */
export function difference(first, second, size = 960) {
  return url("difference", { first, second, size });
}

/** Address of the second picture in the frame of the first, laid over it. */
export function laid(first, second, size = 1024) {
  return url("laid", { first, second, size });
}

// Long work of the server: starting it, watching it, interrupting it.

import { get, post, remove, url, Problem } from "./api.js";

const AGAIN_MS = 1000;

/** Watches a job until its end; `seen(job)` hears each change. Gives the last state. */
export function watch(job, seen = () => {}) {
  return new Promise((done, failed) => {
    const stream = new EventSource(url(`jobs/${job.job}/events`));
    const hear = (event) => {
      const now = JSON.parse(event.data);
      seen(now);
      return now;
    };
    stream.addEventListener("job", hear);
    stream.addEventListener("end", (event) => {
      stream.close();
      done(hear(event));
    });
    stream.addEventListener("error", async () => {
      stream.close();
      try {
        const now = await get(`jobs/${job.job}`);
        if (now.state === "running") setTimeout(() => watch(now, seen).then(done, failed), AGAIN_MS);
        else done(hear({ data: JSON.stringify(now) }));
      } catch (error) {
        failed(error);
      }
    });
  });
}

/** Starts a job, or joins the running one of its kind, and gives its result. */
export async function run(kind, { seen, ...what } = {}) {
  const job = await post("jobs", { kind, ...what });
  return finished(job, seen);
}

/** The result of a job that was started already. */
export async function finished(job, seen) {
  const last = job.state === "running" ? await watch(job, seen) : job;
  if (last.state === "failed") throw new Problem(last.error || { error: "The work failed" });
  if (last.state === "stopped") throw new Problem({ error: "It was interrupted", mend: "What was done so far is kept." });
  return last.result;
}

export const interrupt = (job) => remove(`jobs/${job.job}`);

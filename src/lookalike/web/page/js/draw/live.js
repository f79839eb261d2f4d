// Asking again and again while something changes: one question at a time, always the newest.

/** Gives `ask()`: runs `work` now, or once more after the run that is going. */
export function newest(work) {
  let going = false;
  let again = false;
  return async function ask() {
    if (going) {
      again = true;
      return;
    }
    going = true;
    do {
      again = false;
      await work();
    } while (again);
    going = false;
  };
}

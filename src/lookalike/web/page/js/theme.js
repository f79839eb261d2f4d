// Light or dark: as the system says, until the user says otherwise.

const KEY = "lookalike-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

/** Sets the theme and follows the system while nothing was chosen. */
export function startTheme() {
  apply();
  system.addEventListener("change", apply);
}

/** The theme that shows now. */
export function theme() {
  return document.documentElement.dataset.theme;
}

/** Goes to the other theme and remembers it. */
export function turnTheme() {
  const wanted = theme() === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // A browser without storage forgets the choice, and nothing else.
  }
  document.documentElement.dataset.theme = wanted;
  dispatchEvent(new CustomEvent("theme"));
}

function apply() {
  document.documentElement.dataset.theme = chosen() || (system.matches ? "dark" : "light");
  dispatchEvent(new CustomEvent("theme"));
}

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

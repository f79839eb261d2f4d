// Where the user is, kept in the address: "#/search?like=12&verdict=similar".

/** The view and its parameters as the address says. */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { view: decodeURIComponent(path), params: new URLSearchParams(query) };
}

/** The address of a view; parameters that are empty are left out. */
export function address(view, params = {}) {
  const kept = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "" && value !== false) kept.set(key, value);
  }
  const query = kept.toString();
  return `#/${view}${query ? `?${query}` : ""}`;
}

/** Goes there; `replace` leaves no step in the history. */
export function go(view, params = {}, { replace = false } = {}) {
  const to = address(view, params);
  if (to === location.hash) return;
  if (replace) {
    history.replaceState(null, "", to);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = to;
  }
}

/** Changes some parameters of this view. */
export function change(parts, { replace = true } = {}) {
  const { view, params } = here();
  go(view, { ...Object.fromEntries(params), ...parts }, { replace });
}

/** Calls `act` now and at every change of the address. */
export function follow(act) {
  addEventListener("hashchange", () => act(here()));
  act(here());
}

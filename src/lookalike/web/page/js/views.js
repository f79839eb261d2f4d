// The views of the page. Each is fetched when it is first opened, and offered where the server has
// what it needs.

export const VIEWS = [
  { name: "search", title: "Search", sign: "search", needs: "search", load: () => import("./search/view.js") },
  { name: "duplicates", title: "Duplicates", sign: "copies", needs: "duplicates", load: () => import("./duplicates/view.js") },
  { name: "compare", title: "Compare", sign: "compare", needs: "compare", load: () => import("./compare/view.js") },
  { name: "draw", title: "Draw", sign: "draw", needs: "compare", load: () => import("./draw/view.js") },
  { name: "match", title: "Match", sign: "match", needs: "match", load: () => import("./match/view.js") },
  { name: "map", title: "Map", sign: "map", needs: "map", load: () => import("./map/view.js") },
];

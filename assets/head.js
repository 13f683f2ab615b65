// Runs before anything is painted: the theme, the frame, and where the page finds Plotly.
(function () {
  "use strict";

  const root = document.documentElement;

  // In somebody's frame the style sheet leaves out what is not the view, or not the part of it that was asked for.
  const embed = new URLSearchParams(window.location.search).get("embed");
  if (["true", "chart", "table"].includes(embed)) root.dataset.embed = embed;

  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("dataviewer-theme");
    } catch (blocked) {
      return null; // a frame or a browser without storage: the system decides
    }
  }

  function apply() {
    root.dataset.bsTheme = chosen() || (dark.matches ? "dark" : "light");
  }

  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest("#theme")) return;
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("dataviewer-theme", next);
    } catch (blocked) {
      root.dataset.bsTheme = next;
      return;
    }
    apply();
  });
  window.addEventListener("storage", apply);

  // The polyfills that Dash brings put slow scripts in the place of functions that every browser of today has right.
  const NAMES = [[String.prototype, ["trim", "trimStart", "trimEnd"]], [window, ["parseInt", "parseFloat"]], [Number, ["parseInt", "parseFloat"]]];
  const own = NAMES.flatMap(([owner, names]) => names.map((name) => [owner, name, owner[name]]));
  document.addEventListener("DOMContentLoaded", () => own.forEach(([owner, name, value]) => { owner[name] = value; }));

  // Dash asks for Plotly under a name that no browser may keep; this one it may.
  const plotly = document.currentScript.dataset.plotly;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => plotly, set() {} });
})();

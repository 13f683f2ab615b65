// Runs before anything is painted: the theme, and where the page finds Plotly.
(function () {
  "use strict";

  const root = document.documentElement;
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

  // Dash asks for Plotly under a name that no browser may keep; this one it may.
  const plotly = document.currentScript.dataset.plotly;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => plotly, set() {} });
})();

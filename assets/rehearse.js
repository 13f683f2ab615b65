// Draws a chart that was asked ahead once where nobody sees it, while the page has nothing else to do. Plotly then has measured
// its texts, and the browser has compiled what draws it: the drawing proper takes a quarter less.
(function () {
  "use strict";

  const LONGEST = 100_000; // characters of an answer: others take long to draw, and would be in the way
  const SLOW = 100; // a drawing that takes as many milliseconds is followed by ten times as long without a rehearsal
  const stage = Object.assign(document.createElement("div"), { className: "stage" });
  let again = 0; // the time from which charts may be rehearsed

  function draw({ data, layout }) {
    const start = performance.now();
    const { clientWidth } = document.querySelector("#graph .js-plotly-plot") || {};
    if (!clientWidth) return; // no chart is shown now
    if (!stage.isConnected) document.body.append(stage);
    stage.style.width = `${clientWidth}px`;
    stage.hidden = false;
    const { config } = window.dash_component_api.getLayout("graph").props;
    window.Plotly.react(stage, data, layout, { ...config, responsive: false });
    stage.hidden = true; // out of the browser's way too
    const took = performance.now() - start;
    if (took > SLOW) again = start + 11 * took;
  }

  // Draws the chart of an answer, as text, where it has one and is still wanted once there is time.
  function rehearse(text, isWanted) {
    if (text.length > LONGEST || !window.Plotly || !window.requestIdleCallback) return;
    const { graph } = JSON.parse(text).response;
    if (graph) window.requestIdleCallback(() => isWanted() && performance.now() > again && draw(graph.figure));
  }

  window.dataviewer.rehearse = rehearse;
})();

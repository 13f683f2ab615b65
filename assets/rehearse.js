// Draws a chart that was asked ahead once where nobody sees it, while the page has nothing else to do. Plotly then has measured
// its texts, and the browser has compiled what draws it: the drawing proper takes a quarter less. An answer whose chart takes long,
// or is long, is marked as slow.
(function () {
  "use strict";

  const LONGEST = 100_000; // characters of an answer: others take long to draw, and would be in the way
  const SLOW = 100; // a drawing that takes more milliseconds is followed by ten times as long without a rehearsal
  const stage = Object.assign(document.createElement("div"), { className: "stage" });
  let again = 0; // the time from which charts may be rehearsed

  // Returns the milliseconds that it took.
  function draw({ data, layout }) {
    const start = performance.now();
    const { clientWidth } = document.querySelector("#graph .js-plotly-plot") || {};
    if (!clientWidth) return 0; // no chart is shown now
    if (!stage.isConnected) document.body.append(stage);
    stage.style.width = `${clientWidth}px`;
    stage.hidden = false;
    const { config } = window.dash_component_api.getLayout("graph").props;
    window.Plotly.react(stage, data, layout, { ...config, responsive: false });
    stage.hidden = true; // out of the browser's way too
    return performance.now() - start;
  }

  // Draws the chart of an answer where it has one and is still wanted once there is time.
  function rehearse(answer, isWanted) {
    const { graph } = JSON.parse(answer.text).response;
    answer.slow = Boolean(graph) && answer.text.length > LONGEST;
    if (!graph || answer.slow || !window.Plotly || !window.requestIdleCallback) return;
    window.requestIdleCallback(() => {
      if (!isWanted() || performance.now() < again) return;
      const took = draw(graph.figure);
      answer.slow = took > SLOW;
      if (answer.slow) again = performance.now() + 10 * took;
    });
  }

  window.dataviewer.rehearse = rehearse;
})();

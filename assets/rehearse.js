// Draws a chart that was asked ahead while the page has nothing else to do, on a stage over the chart where nobody sees it. Once it
// is wished for, the stage is seen with the next frame, and only then is the chart itself drawn, beneath it: what one sees need not
// wait for that. The chart is drawn sooner, too: Plotly has measured its texts, and the browser has compiled what draws it. An
// answer whose chart takes long, or is long, is marked as slow.
(function () {
  "use strict";

  const LONGEST = 100_000; // characters of an answer: others take long to draw, and would be in the way
  const SLOW = 100; // a drawing that takes more milliseconds is followed by ten times as long without a rehearsal
  let again = 0; // the time from which charts may be rehearsed
  let staged = {}; // the answer whose chart is on the stage, its note and its height, and the width that it was drawn for

  const stage = () => document.getElementById("stage");
  const chart = () => document.querySelector("#graph .js-plotly-plot");
  const isUp = () => stage().classList.contains("up");

  // Returns the milliseconds that it took.
  function draw(answer, { graph, note }) {
    const start = performance.now();
    const { data, layout } = graph.figure;
    const { clientWidth: width } = chart() || {};
    if (!width || !data.length || isUp()) return 0;
    Object.assign(stage().style, { width: `${width}px`, height: `${layout.height}px` });
    stage().hidden = false;
    const { config } = window.dash_component_api.getLayout("graph").props;
    window.Plotly.react(stage(), data, layout, { ...config, responsive: false });
    staged = { answer, note, height: layout.height, width };
    return performance.now() - start;
  }

  // Draws the chart of an answer where it has one and is still wanted once there is time.
  function rehearse(answer, isWanted) {
    if (answer === staged.answer) return;
    const { response } = JSON.parse(answer.text);
    answer.slow = Boolean(response.graph) && answer.text.length > LONGEST;
    if (!response.graph || answer.slow || !window.Plotly || !window.requestIdleCallback) return;
    window.requestIdleCallback(() => {
      if (!isWanted() || performance.now() < again) return;
      const took = draw(answer, response);
      answer.slow = took > SLOW;
      if (answer.slow) again = performance.now() + 10 * took;
    });
  }

  // Shows the stage where it has the chart of an answer, until the chart itself is drawn. What you get is a promise that is kept once
  // the stage is seen, or at once.
  async function standIn(answer) {
    const { note, height, width } = staged;
    const fits = answer === staged.answer && chart() && chart().clientWidth === width;
    lower();
    if (!fits) return;
    stage().hidden = false;
    stage().classList.add("up");
    stage().parentElement.style.height = `${height}px`;
    window.dash_clientside.set_props("note", note);
    chart().once("plotly_afterplot", lower);
    await window.dataviewer.seen();
  }

  function lower() {
    staged = {};
    stage().hidden = true; // out of the browser's way too
    stage().classList.remove("up");
    stage().parentElement.style.height = "";
  }

  Object.assign(window.dataviewer, { rehearse, standIn });
})();

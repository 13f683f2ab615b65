// The one writer of the view. What a person does becomes the query string; the server's answers set the controls.
(function () {
  "use strict";

  const KEYS = ["dataset", "sort", "page", "size", "y", "scale", "range"]; // in the order in which View spells them
  const OF_TABLE = ["dataset", "sort", "page", "size"];
  const OF_CHART = ["dataset", "y", "scale", "range"];
  const keep = () => window.dash_clientside.no_update;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // As View spells: only ":" and "%" of a part are escaped; "/", ":" and "," stay readable in the address.
  const part = (text) => String(text).replace(/%/g, "%25").replace(/:/g, "%3A");
  const quoted = (text) =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(/%2F/g, "/")
      .replace(/%3A/g, ":")
      .replace(/%2C/g, ",");

  function spell(view, keys) {
    const pairs = keys.flatMap((key) => view.getAll(key).map((value) => `${key}=${quoted(value)}`));
    return pairs.length ? `?${pairs.join("&")}` : "";
  }

  function put(view, key, values) {
    view.delete(key);
    values.forEach((value) => view.append(key, value));
  }

  // Each takes the view and what changed, and changes the view; it returns nothing. A control that stands where the
  // answer to the very view put it is an echo of that answer and no wish of the reader; while an answer is awaited, every
  // change is a wish.
  const CHANGES = {
    "dataset.value"(view, now) {
      if (!now.dataset || (now.tableAnswered && now.dataset === now.table.dataset)) return;
      [...view.keys()].forEach((key) => view.delete(key));
      if (now.dataset !== "catalog") view.set("dataset", now.dataset);
    },
    "table.sort_by"(view, now) {
      if (now.tableAnswered && same(now.sortBy || [], now.table.sort)) return;
      const name = (id) => now.table.names[Number(id.slice(1))];
      put(view, "sort", (now.sortBy || []).map((s) => name(s.column_id) + (s.direction === "desc" ? ":desc" : "")));
      view.delete("page");
    },
    "table.page_current"(view, now) {
      if (now.tableAnswered && now.page === now.table.page) return;
      put(view, "page", now.page > 0 ? [now.page + 1] : []);
    },
    "size.value"(view, now) {
      if (now.tableAnswered && now.size === now.table.size) return;
      put(view, "size", now.size === "auto" ? [] : [now.size]);
      view.delete("page");
    },
    "lines.value"(view, now) {
      if (now.chartAnswered && same(now.lines, now.chart.lines)) return;
      // None chosen means those drawn by default; where they are drawn already, nobody else would tick them again.
      if (!now.lines.length && !view.has("y")) set("lines", { value: now.chart.lines });
      const lines = now.chart.choices.map((choice) => choice.value).filter((value) => now.lines.includes(value));
      put(view, "y", same(lines, now.chart.default) ? [] : lines);
    },
    "scale.value"(view, now) {
      if (now.chartAnswered && now.scale === now.chart.scale) return;
      put(view, "scale", now.scale === now.chart.default_scale ? [] : [now.scale]);
    },
    "graph.relayoutData"(view, now) {
      const range = rangeOf(now.relayout || {});
      if (range) put(view, "range", range.length ? [range.map(part).join(":")] : []);
    },
    // A line that is switched off in the legend is no longer drawn; Lines brings it back.
    "graph.restyleData"(view, now) {
      const [style, places] = now.restyle || [{}, []];
      if (!style.visible) return;
      const off = now.chart.lines.filter((line, place) => style.visible[places.indexOf(place)] === "legendonly");
      const drawn = view.has("y") ? view.getAll("y") : now.chart.lines;
      const lines = drawn.filter((line) => !off.includes(line));
      if (lines.length) put(view, "y", lines);
    },
    "graph.clickData"(view, now) {
      const point = now.click && now.click.points[0];
      if ((view.get("dataset") || "catalog") !== "catalog" || !point || !point.customdata) return;
      CHANGES["dataset.value"](view, { ...now, dataset: point.customdata });
    },
  };

  // While another dataset is on its way, the table and the chart still show the one before: their controls speak of it.
  function isOfAnother(view, answer) {
    return (new URLSearchParams(answer.query).get("dataset") || "catalog") !== (view.get("dataset") || "catalog");
  }

  // Plotly tells each axis of a zoom, in logarithms where the axis has them. Null: this was no zoom.
  function rangeOf(relayout) {
    const plot = document.querySelector("#graph .js-plotly-plot");
    const ends = (letter) => {
      const key = Object.keys(relayout).find((name) => new RegExp(`^${letter}axis\\d*\\.range`).test(name));
      if (!key) return null;
      const stem = key.split(".")[0];
      const range = relayout[`${stem}.range`] || [relayout[`${stem}.range[0]`], relayout[`${stem}.range[1]`]];
      return shorter(range, plot._fullLayout[stem]);
    };
    const [x, y] = [ends("x"), ends("y")];
    const isMap = plot && plot._fullLayout.yaxis && !plot._fullLayout.yaxis.fixedrange;
    if (isMap && (x || y)) {
      const { xaxis, yaxis } = plot._fullLayout;
      return [...(x || shorter(xaxis.range, xaxis)), ...(y || shorter(yaxis.range, yaxis))];
    }
    if (x) return x;
    return Object.keys(relayout).some((name) => /^xaxis\d*\.autorange$/.test(name)) ? [] : null;
  }

  // A pixel is some thousandth of the axis: finer digits of a zoom's end say nothing.
  function shorter(range, axis) {
    if (typeof range[0] !== "number") return range.map((end) => end.split(".")[0]);
    if (axis && axis.type === "log") return range.map((end) => Number((10 ** end).toPrecision(6)));
    const step = 10 ** Math.floor(Math.log10(Math.abs(range[1] - range[0]) / 1e4));
    return range.map((end) => Number((Math.round(end / step) * step).toPrecision(15)));
  }

  // The chart is drawn for the room it has; steps of 80 px let equal screens share an answer. The window is asked, not
  // the chart: asking an element in the middle of a change makes the browser lay the page out twice.
  function chartWidth() {
    return Math.min(1680, Math.max(240, Math.round(window.innerWidth / 80) * 80));
  }

  // Once a window has its new size, `navigate` asks for a chart that fits it.
  let resized = 0;
  window.addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(() => set("room", { data: chartWidth() }), 250); // milliseconds without a further change
  });

  function navigate(...given) {
    const [search, dataset, sortBy, page, size, lines, scale, relayout, restyle, click] = given;
    const [tableView, chartView, table, chart] = given.slice(-4);
    const view = new URLSearchParams(search || "");
    const changed = window.dash_clientside.callback_context.triggered.map((trigger) => trigger.prop_id);
    const before = spell(view, KEYS);
    if (!changed.includes("location.search")) {
      const tableAnswered = table && table.query === tableView;
      const chartAnswered = chart && chart.query === chartView.query;
      const now = { dataset, sortBy, page, size, lines, scale, relayout, restyle, click, table, chart };
      const speaksOf = (name) => (/^(table|size)\./.test(name) ? table : chart);
      const known = (name) => name === "dataset.value" || (speaksOf(name) && !isOfAnother(view, speaksOf(name)));
      changed
        .filter((name) => CHANGES[name] && known(name))
        .forEach((name) => CHANGES[name](view, { ...now, tableAnswered, chartAnswered }));
    }
    const after = spell(view, KEYS);
    const asksTable = spell(view, OF_TABLE);
    const asksChart = { query: spell(view, OF_CHART), width: chartWidth() };
    return [
      after === before ? keep() : after,
      asksTable === tableView ? keep() : asksTable,
      same(asksChart, chartView) ? keep() : asksChart,
    ];
  }

  // Sets what differs: every prop that is set draws its component once more.
  function set(id, props) {
    const component = window.dash_component_api && window.dash_component_api.getLayout(id);
    if (!component) return; // the page is not there yet
    const now = component.props;
    const other = Object.entries(props).filter(([name, value]) => !same(now[name], value));
    if (other.length) window.dash_clientside.set_props(id, Object.fromEntries(other));
  }

  // Controls are set from here, not as outputs: as outputs they would close a circle with `navigate`.
  function showTableAnswer(answer) {
    const box = document.querySelector("#table .dash-spreadsheet-inner");
    if (box) box.scrollTo(answer.dataset === document.body.dataset.dataset ? box.scrollLeft : 0, 0);
    window.dataviewer.sort = answer.sort;
    document.title = answer.dataset === "catalog" ? "dataviewer" : `${answer.title} · dataviewer`;
    document.body.dataset.dataset = answer.dataset || "";
    document.body.classList.toggle("unknown", !answer.dataset);
    set("dataset", { value: answer.dataset });
    set("table", { sort_by: answer.sort, page_current: answer.page });
    set("size", { options: answer.sizes, value: answer.size });
  }

  function showChartAnswer(answer) {
    document.body.classList.toggle("nothing", !answer.drawn);
    document.getElementById("lines-control").hidden = answer.choices.length < 2;
    document.getElementById("scale-control").hidden = !answer.scale;
    set("lines", { options: answer.choices, value: answer.lines });
    if (answer.scale) set("scale", { value: answer.scale });
  }

  // While one types, the dropdown shows what the server finds. It indexes its options anew each time they change, which
  // takes a tenth of a second for all of them: they return after a rest, or when it opens again.
  const REST = 1500; // milliseconds
  let all = null;
  let resting = 0;

  function restore() {
    clearTimeout(resting);
    if (all) set("dataset", { options: all });
  }

  function search(text, options) {
    clearTimeout(resting);
    if (!text || !text.trim()) {
      resting = setTimeout(restore, REST);
      return keep();
    }
    all = all || options;
    return text;
  }

  function opening(event) {
    if (event.target.closest && event.target.closest("#dataset")) restore();
  }
  document.addEventListener("pointerdown", opening, true);
  document.addEventListener("keydown", opening, true);

  // A link may say what to leave out of the view on the page, which the server does not know whole.
  function target(link) {
    if (!link.dataset.without) return link.getAttribute("href").replace(/^\?$/, "");
    const view = new URLSearchParams(window.location.search);
    link.dataset.without.split(" ").forEach((key) => view.delete(key));
    return spell(view, KEYS);
  }

  // Links to views open without a reload; a click with a modifier stays the browser's.
  function follow(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const row = document.body.dataset.dataset === "catalog" && event.target.closest("#table td");
    const link = event.target.closest("a[href^='?']") || (row && row.parentElement.querySelector("a[href^='?']"));
    if (!link || String(window.getSelection())) return;
    event.preventDefault();
    window.history.pushState({}, "", window.location.pathname + target(link));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }
  document.addEventListener("click", follow, true); // before DataTable, which keeps its clicks to itself

  window.dataviewer = { sort: [] };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    dataviewer: { navigate, showTableAnswer, showChartAnswer, search },
  });
})();

// The one writer of the view. What a person does becomes the query string; the server's answers set the controls.
(function () {
  "use strict";

  // In the order in which View spells them.
  const KEYS = [
    "dataset", "sort", "where", "search", "columns", "page", "size", "row", "chart", "x", "y", "color", "facet", "agg", "bins",
    "scale", "log", "trend", "smooth", "stack", "range",
  ];
  const OF_TABLE = ["dataset", "sort", "where", "search", "columns", "page", "size"];
  const OF_CHART = [
    "dataset", "where", "search", "row", "chart", "x", "y", "color", "facet", "agg", "bins", "scale", "log", "trend",
    "smooth", "stack", "range",
  ];
  const BOUNDS = /^(gte?|lte?)$/;
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

  // A page in a frame stays one.
  const { embed } = document.documentElement.dataset;
  const framed = (query) => (embed ? `${query}${query ? "&" : "?"}embed=${embed}` : query);

  function put(view, key, values) {
    view.delete(key);
    values.forEach((value) => view.append(key, value));
  }

  // Each takes the view, what a component now holds and what was answered last, and changes the view; it returns nothing. A
  // control that stands where the answer to the very view put it is an echo of that answer and no wish of the reader; while an
  // answer is awaited, every change is a wish. The dropdown's choice comes here only by Dash's own way (see `choose`): what it
  // is known to name already is an echo.
  const CHANGES = {
    "dataset.value"(view, id) {
      if (!id || id === named) return;
      named = id;
      [...view.keys()].forEach((key) => view.delete(key));
      if (id !== "catalog") view.set("dataset", id);
    },
    "table.sort_by"(view, sorts, now) {
      if (now.tableAnswered && same(sorts || [], now.table.sort)) return;
      const name = (id) => now.table.names[Number(id.slice(1))];
      put(view, "sort", (sorts || []).map((s) => name(s.column_id) + (s.direction === "desc" ? ":desc" : "")));
      view.delete("page");
    },
    "table.page_current"(view, page, now) {
      if (now.tableAnswered && page === now.table.page) return;
      put(view, "page", page > 0 ? [page + 1] : []);
    },
    "size.value"(view, size, now) {
      if (now.tableAnswered && size === now.table.size) return;
      put(view, "size", size === "auto" ? [] : [size]);
      view.delete("page");
    },
    "find.value"(view, text, now) {
      if (now.tableAnswered && (text || "") === now.table.search) return;
      put(view, "search", text ? [text] : []);
      view.delete("page");
    },
    "columns.value"(view, ticked, now) {
      const { value, options, most } = now.chart.columns;
      if (now.chartAnswered && same(ticked, value)) return;
      // None chosen means those drawn by default; where they are drawn already, nobody else would tick them again.
      if (!ticked.length && !view.has("y")) set("columns", { value });
      const added = ticked.filter((column) => !value.includes(column));
      const chosen = most === 1 && added.length ? added : ticked;
      const columns = options.map((option) => option.value).filter((column) => chosen.includes(column));
      put(view, "y", same(columns, now.chart.columns.default) ? [] : columns);
      view.delete("range");
    },
    // A choice beside the chart. Where another kind of chart has another x axis, the one chosen makes no sense there.
    choice(view, { key, value }, now) {
      const control = now.chart.controls.find((each) => each.key === key);
      if (!control || (now.chartAnswered && control.value === value)) return;
      if (key === "chart" && !staysX(view.get("x"), now.chart.axes[control.value], now.chart.axes[value])) view.delete("x");
      if (["chart", "x", "log"].includes(key)) view.delete("range");
      put(view, key, value === control.default ? [] : [value]);
    },
    "graph.relayoutData"(view, relayout) {
      const range = rangeOf(relayout || {});
      if (range) put(view, "range", range.length ? [range.map(part).join(":")] : []);
    },
    // A line that is switched off in the legend is no longer drawn; Lines brings it back.
    "graph.restyleData"(view, restyle, now) {
      const [style, places] = restyle || [{}, []];
      if (!style.visible) return;
      if (!now.chart.lines.length) return;
      const off = now.chart.lines.filter((line, place) => style.visible[places.indexOf(place)] === "legendonly");
      const drawn = view.has("y") ? view.getAll("y") : now.chart.lines;
      const lines = drawn.filter((line) => !off.includes(line));
      if (lines.length) put(view, "y", lines);
    },
    // What a click means is written into what is clicked, as a part of a query string.
    "graph.clickData"(view, click) {
      const point = click && click.points[0];
      const meant = point && (Array.isArray(point.customdata) ? point.customdata[0] : point.customdata);
      if (typeof meant === "string") apply(view, new URLSearchParams(meant));
    },
    // Bars of one panel that were drawn over: what they have besides, such as a colour's condition, is not meant.
    "graph.selectedData"(view, selected) {
      const bars = ((selected && selected.points) || []).filter((bar) => typeof bar.customdata === "string");
      bars.sort((one, other) => (one.x > other.x) - (one.x < other.x));
      const [first, last] = [bars[0], bars[bars.length - 1]].map((bar) => (bar ? conditionsOnItself(bar) : []));
      if (bars.length) apply(view, new URLSearchParams(between(first, last).map((where) => ["where", where])));
      else if (selected) window.Plotly.relayout(document.querySelector("#graph .js-plotly-plot"), { selections: [] });
    },
  };

  // A finger over a chart that cannot be zoomed scrolls the page, for which Plotly would not let it: bars are drawn over with
  // a mouse. A tap is a click all the same.
  function leaveToScroll(event) {
    const plot = event.target.closest && event.target.closest("#graph .js-plotly-plot");
    const axes = Object.entries((plot && plot._fullLayout) || {}).filter(([name]) => /^[xy]axis\d*$/.test(name));
    if (axes.length && axes.every(([, axis]) => axis.fixedrange)) event.stopPropagation();
  }
  document.addEventListener("touchstart", leaveToScroll, { capture: true, passive: true });

  // The conditions of a bar on the column that its panel shows, which are its last.
  function conditionsOnItself(bar) {
    const wheres = new URLSearchParams(bar.customdata).getAll("where");
    const column = (where) => where.split(":")[0];
    return wheres.filter((where) => column(where) === column(wheres[wheres.length - 1]));
  }

  // The conditions that keep what lies from one bin to another. A bin is bounds, or the one whole number in it.
  function between(first, last) {
    const end = (wheres, operator) => {
      const [column, , ...value] = wheres[0].split(":");
      return wheres.find((where) => where.split(":")[1][0] === operator[0]) || [column, operator, ...value].join(":");
    };
    return [end(first, "gte"), end(last, "lte")];
  }

  // Numbers and dates can be x of an ordered axis as well as of one of numbers; the row is x of the first alone.
  function staysX(x, before, after) {
    const ordered = ["order", "number"];
    return before === after || (ordered.includes(before) && ordered.includes(after) && x !== ":row");
  }

  // Conditions are added, or taken away where they stand already; of bounds a column has one pair. Other keys are set.
  function apply(view, change) {
    const added = change.getAll("where");
    const standing = view.getAll("where");
    const again = added.length > 0 && added.every((where) => standing.some((other) => isNoNarrower(where, other)));
    const bounded = added.filter((where) => BOUNDS.test(where.split(":")[1])).map((where) => where.split(":")[0]);
    const kept = standing.filter((where) => {
      const [column, operator] = where.split(":");
      return !added.includes(where) && !(BOUNDS.test(operator) && bounded.includes(column));
    });
    if (added.length) {
      put(view, "where", again ? kept : [...kept, ...added]);
      view.delete("page");
    }
    if (change.has("dataset")) [...view.keys()].forEach((key) => view.delete(key));
    change.forEach((value, key) => {
      if (key !== "where") put(view, key, key === "row" && view.get("row") === value ? [] : [value]);
    });
    if (change.has("chart")) view.delete("range");
  }

  // Whether a condition is the other one, or a bound on the same side of the same column that is not tighter: where one
  // bin is all that is left, its ends need not be those that were clicked.
  function isNoNarrower(where, other) {
    const [column, operator, end] = where.split(":");
    const [column2, operator2, end2] = other.split(":");
    if (where === other) return true;
    if (column !== column2 || !BOUNDS.test(operator) || operator[0] !== operator2[0]) return false;
    const [one, two] = Number.isNaN(Number(end)) ? [end, end2] : [Number(end), Number(end2)];
    return operator[0] === "g" ? one <= two : one >= two;
  }

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
  const BESIDE = window.matchMedia("(min-width: 1100px)"); // where the columns stand beside the chart, as panels.css says
  function chartWidth() {
    const room = window.innerWidth - (BESIDE.matches && !embed ? 272 : 0);
    return Math.min(1680, Math.max(240, Math.round(room / 80) * 80));
  }

  const props = (id) => window.dash_component_api.getLayout(id).props;
  const viewed = () => new URLSearchParams(window.location.search);

  // What a view asks for: the two stores that hold it are what the callbacks read.
  function ask(view) {
    const asks = asksOf(view);
    atOnce(() => {
      set("table-view", { data: asks.table });
      if (embed !== "table") set("chart-view", { data: asks.chart });
    });
  }

  // Before Dash asks it waits a turn, in case more is to be asked; after a key or a click Chromium shows a frame first. Both
  // questions are there when `act` returns: what would follow in a turn follows now.
  function atOnce(act) {
    const { setTimeout: later } = window;
    window.setTimeout = (run, milliseconds, ...rest) => (milliseconds ? later(run, milliseconds, ...rest) : queueMicrotask(run));
    try {
      act();
    } finally {
      window.setTimeout = later;
    }
  }

  function go(query) {
    if (query !== spell(viewed(), KEYS)) window.history.pushState({}, "", window.location.pathname + framed(query));
    ask(viewed());
  }
  window.addEventListener("popstate", () => ask(viewed()));

  // Once a window has its new size, a chart that fits it is asked for.
  let resized = 0;
  window.addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(() => ask(viewed()), 250); // milliseconds without a further change
  });

  // Takes what a person did, by the names of CHANGES, into the view.
  function wish(changed) {
    const view = viewed();
    const [table, chart] = [props("table-answer").data, props("chart-answer").data];
    const speaksOf = (name) => (/^(table|size|find)\./.test(name) ? table : chart);
    const known = (name) => name === "dataset.value" || (speaksOf(name) && !isOfAnother(view, speaksOf(name)));
    const now = {
      table,
      chart,
      tableAnswered: table && table.query === props("table-view").data,
      chartAnswered: chart && chart.query === props("chart-view").data.query,
    };
    Object.keys(changed)
      .filter((name) => CHANGES[name] && known(name))
      .forEach((name) => CHANGES[name](view, changed[name], now));
    go(spell(view, KEYS));
  }

  function navigate() {
    wish(Object.fromEntries(window.dash_clientside.callback_context.triggered.map(({ prop_id: name, value }) => [name, value])));
  }

  // What the two callbacks are asked of a view.
  function asksOf(view) {
    return { table: spell(view, OF_TABLE), chart: { query: spell(view, OF_CHART), width: chartWidth() } };
  }

  // Sets what differs: every prop that is set draws its component once more.
  function set(id, wanted) {
    const component = window.dash_component_api && window.dash_component_api.getLayout(id);
    if (!component) return; // the page is not there yet
    const now = component.props;
    const other = Object.entries(wanted).filter(([name, value]) => !same(now[name], value));
    if (other.length) window.dash_clientside.set_props(id, Object.fromEntries(other));
  }

  // The next thing after what stands now is to be seen.
  const seen = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

  // Controls are set from here, not as outputs: as outputs they would close a circle with `navigate`. What does not belong to
  // table and chart follows once these are seen.
  async function showTableAnswer(answer) {
    const isOther = answer.dataset !== document.body.dataset.dataset;
    window.dataviewer.sort = answer.sort;
    window.dataviewer.rows = answer.rows;
    window.dataviewer.meanings = answer.meanings;
    document.title = answer.dataset === "catalog" ? "dataviewer" : `${answer.title} · dataviewer`;
    document.body.dataset.dataset = answer.dataset || "";
    document.body.classList.toggle("unknown", !answer.dataset);
    fillEach(["heading", "pills", "downloads"], answer);
    await seen();
    if (answer.query !== props("table-view").data) return; // something else was wished for meanwhile
    const box = document.querySelector("#table .dash-spreadsheet-inner");
    if (box) box.scrollTo(isOther ? 0 : box.scrollLeft, 0);
    nameDataset(answer.dataset);
    set("table", { sort_by: answer.sort, page_current: answer.page });
    set("size", { options: answer.sizes, value: answer.size });
    set("find", { value: answer.search });
    point();
    tell({ dataset: answer.dataset });
  }

  let named = null; // the dataset that the dropdown names, as this script has set it or heard of it

  function nameDataset(id) {
    named = id;
    set("dataset", { value: id });
  }

  function fillEach(ids, answer) {
    ids.forEach((id) => window.dataviewer.dom.fill(document.getElementById(id), answer[id]));
  }

  // What stands beside table and chart (panels.js) follows once these are shown.
  function tell(detail) {
    document.dispatchEvent(new CustomEvent("dataviewer:shown", { detail }));
  }

  async function showChartAnswer(answer) {
    document.body.classList.toggle("nothing", !answer.drawn);
    await seen();
    if (answer.query !== props("chart-view").data.query) return;
    closeList();
    fillEach(["words", "files"], answer);
    document.getElementById("columns-control").hidden = answer.columns.options.length < 2 || !answer.columns.most;
    document.getElementById("in-words").hidden = !answer.drawn;
    window.dataviewer.file = answer.file;
    showControls(answer.controls);
    document.getElementById("more").hidden = !document.querySelector("#further .rare");
    set("columns", { options: answer.columns.options, value: answer.columns.value });
    forget(["relayoutData", "restyleData", "selectedData"]);
    point();
    tell({});
  }

  // Dash tells of no prop that is set to what it was: without this a zoom, a line switched off, bars drawn over, taken
  // back and done once more would go unnoticed.
  function forget(names) {
    const { props } = window.dash_component_api.getLayout("graph");
    set("graph", Object.fromEntries(names.filter((name) => props[name]).map((name) => [name, null])));
  }

  // Plain elements, since their number and their options change with every chart: a Dash component each would cost 5 ms.
  function showControls(controls) {
    const items = controls.map(controlOf);
    document.querySelectorAll(".controls .control").forEach((old) => items.includes(old) || old.remove());
    controls.forEach((control, place) => {
      const item = items[place];
      const select = item.lastChild;
      // The columns stand between the two boxes. In order already, nothing is moved: a move would take the focus away.
      const box = document.getElementById(["chart", "x"].includes(control.key) ? "controls" : "further");
      const before = place && items[place - 1].parentElement === box ? items[place - 1] : null;
      if (item.parentElement !== box || item.previousElementSibling !== before) box.insertBefore(item, before ? before.nextSibling : box.firstChild);
      const isRare = !["chart", "x", "color"].includes(control.key) && control.value === control.default;
      item.classList.toggle("rare", isRare);
      const options = JSON.stringify(control.options);
      if (select.dataset.options !== options) {
        select.replaceChildren(...control.options.map(([value, text]) => new Option(text, value)));
        select.dataset.options = options;
      }
      select.value = control.value;
    });
  }

  // The label and the select of a control, made where they are not there yet.
  function controlOf({ key, label }) {
    const id = `choose-${key}`;
    const old = document.getElementById(id);
    if (old) return old.parentElement;
    const item = Object.assign(document.createElement("div"), { className: "control" });
    const select = Object.assign(document.createElement("select"), { id, className: "form-select form-select-sm" });
    select.addEventListener("change", () => wish({ choice: { key, value: select.value } }));
    item.append(Object.assign(document.createElement("label"), { htmlFor: id, className: "form-label", textContent: label }), select);
    return item;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("#more");
    if (!button) return;
    const open = button.parentElement.classList.toggle("more");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Fewer choices" : "More choices";
  });

  // Marks the table's row that the view points at.
  function point() {
    const row = Number(viewed().get("row"));
    document.querySelectorAll("#table tr").forEach((line) => {
      const cell = line.querySelector("td[data-dash-row]");
      if (cell) line.toggleAttribute("data-pointed", row > 0 && window.dataviewer.rows[Number(cell.dataset.dashRow)] === row);
    });
  }

  // While one types, the dropdown shows what the server finds. It indexes its options anew each time they change, which
  // takes a tenth of a second for all of them: they return after a rest, or when it opens again.
  const REST = 1500; // milliseconds
  let all = null;
  let resting = 0;

  // The list of datasets, while it is open, and what is searched in it.
  function list() {
    const button = document.getElementById("dataset");
    return button && document.getElementById(button.getAttribute("aria-controls"));
  }
  const searched = () => (list() ? list().querySelector(".dash-dropdown-search").value : "");

  // The dataset that something in the open list stands for, null where it stands for none: what is not an option, such as the
  // box of the search, stands for the first. Of a long list only the part in view is there.
  function standsFor(element) {
    const inList = list() && list().contains(element);
    const option = inList && (element.closest("[role=option]") || list().querySelector('[role=option][data-option-index="0"]'));
    return option ? option.querySelector("input").value : null;
  }

  const viewOf = (id) => new URLSearchParams(id === "catalog" ? {} : { dataset: id });

  // Takes the dataset that something in the open list stands for; false where that is none. The dropdown's own way closes the
  // list first, which takes a tenth of the time until the view is drawn: here it is out of sight with the next frame, and closes after.
  const CLOSED = 250; // milliseconds at the latest
  let closing = null; // the list that is out of sight

  function choose(element) {
    const id = standsFor(element);
    if (id === null || !(element.closest("[role=option]") || searched().trim())) return false;
    if (!isOpen(id)) go(spell(viewOf(id), KEYS));
    const box = list();
    closing = box;
    box.style.opacity = 0;
    setTimeout(() => {
      if (closing !== box) return; // the view was drawn
      closeList();
      if (isOpen(id)) nameDataset(id); // on its way
    }, CLOSED);
    return true;
  }

  // Whether a view is of a dataset, which its link may name without the package.
  function isOpen(id) {
    const table = props("table-answer").data;
    return (viewed().get("dataset") || "catalog") === id || (table && table.dataset === id && !isOfAnother(viewed(), table));
  }

  function closeList() {
    if (closing && closing === list()) document.getElementById("dataset").click();
    closing = null;
  }

  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest || !event.target.closest("[role=option]") || !choose(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  function restore() {
    clearTimeout(resting);
    if (all && !searched().trim()) set("dataset", { options: all });
  }

  function searching(event) {
    if (!list() || !list().contains(event.target)) return;
    clearTimeout(resting);
    const text = searched();
    if (event.type !== "input" || !text.trim()) {
      resting = setTimeout(restore, REST);
      return;
    }
    all = all || props("dataset").options;
    // Dash tells of no prop that is set to what it was: a space more finds the same.
    set("search", { data: text === props("search").data ? `${text} ` : text });
  }
  ["input", "click", "focusout"].forEach((name) => document.addEventListener(name, searching, true));

  function opening(event) {
    if (event.target.closest && event.target.closest("#dataset")) restore();
  }
  document.addEventListener("pointerdown", opening, true);
  document.addEventListener("keydown", opening, true);

  // A link may say what to change in the view on the page, which the server does not know whole.
  function target(link) {
    const { without, drop, add } = link.dataset;
    if (!without && !add) return link.getAttribute("href").replace(/^\?$/, "");
    const view = viewed();
    (without || "").split(" ").forEach((key) => view.delete(key));
    if (drop) put(view, "where", view.getAll("where").filter((where) => where !== drop));
    if (add) apply(view, new URLSearchParams(add));
    return spell(view, KEYS);
  }

  function change(edit) {
    const view = viewed();
    edit(view);
    go(spell(view, KEYS));
    point();
  }

  // The chart as a picture, with its title and its source, in the colours of paper and the width of the screen.
  async function picture(format) {
    const answer = await fetch(document.querySelector("#files a[href*='figure.json']").href);
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) return set("status", { children: body.error || "The picture could not be made. Reload to try again." });
    const { data, layout } = body;
    const width = Math.round(document.getElementById("graph").getBoundingClientRect().width);
    const file = { format, filename: window.dataviewer.file, scale: format === "png" ? 2 : 1, width, height: layout.height };
    await window.Plotly.downloadImage({ data, layout: { ...layout, width } }, file);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-picture]");
    if (!link) return;
    event.preventDefault();
    picture(link.dataset.picture);
  });

  // The link to a view that an element is part of; in the collection's table each cell of a row is.
  function linkAt(element) {
    const row = document.body.dataset.dataset === "catalog" && element.closest("#table td");
    return element.closest("a[href^='?']") || (row && row.parentElement.querySelector("a[href^='?']"));
  }

  // Links to views open without a reload; a click with a modifier stays the browser's.
  function follow(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const row = event.target.closest("#table td");
    const link = linkAt(event.target);
    if ((!link && !row) || String(window.getSelection())) return;
    event.preventDefault();
    if (link) {
      go(target(link));
      if (!link.dataset.without) window.scrollTo(0, 0);
      return;
    }
    change((view) => apply(view, new URLSearchParams({ row: window.dataviewer.rows[Number(row.dataset.dashRow)] })));
  }
  document.addEventListener("click", follow, true); // before DataTable, which keeps its clicks to itself

  window.dataviewer = { sort: [], rows: [], meanings: [], file: "dataviewer", between, change, choose, asksOf, linkAt, seen, standsFor, target, viewOf };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    dataviewer: { navigate, showTableAnswer, showChartAnswer },
  });
})();

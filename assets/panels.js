// What stands beside the table and the chart: the columns with their summaries and filters, the documentation, one row.
// The page is a client of its own API here: these parts are plain elements made of its answers, text only.
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const BINS_WIDE = 200; // units of the picture of a column's values
  const KINDS = { integer: "123", number: "1.5", text: "abc", date: "date", timestamp: "time", logical: "y/n", empty: "–" };
  const TEXT_OPERATORS = [
    ["contains", "contains"],
    ["starts", "starts with"],
    ["ends", "ends with"],
    ["eq", "is"],
    ["ncontains", "does not contain"],
  ];
  const part = (text) => String(text).replace(/%/g, "%25").replace(/:/g, "%3A");
  const count = (number) => Number(number).toLocaleString("en");

  // An element with properties, attributes for names with a dash, and children; text stays text.
  function make(tag, props, ...children) {
    const element = document.createElement(tag);
    Object.entries(props || {}).forEach(([name, value]) => {
      if (name.includes("-")) element.setAttribute(name, value);
      else if (name === "onclick" || name === "onchange" || name === "onsubmit") element.addEventListener(name.slice(2), value);
      else element[name] = value;
    });
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  async function ask(path) {
    const response = await fetch(new URL(path, window.location.href.split("?")[0]), { credentials: "same-origin" });
    const body = await response.json().catch(() => null);
    if (response.ok && body && !response.redirected) return body;
    throw new Error((body && body.error) || "The server could not answer. Reload to try again.");
  }

  const address = (dataset) => `api/datasets/${dataset.split("/").map(encodeURIComponent).join("/")}`;

  // Fills a box with what `path` answers, unless it holds that already; an answer that another one overtook is dropped.
  const holds = new WeakMap();
  async function fill(box, path, draw) {
    if (holds.get(box) === path) return;
    holds.set(box, path);
    box.toggleAttribute("data-loading", true);
    try {
      const answer = await ask(path);
      if (holds.get(box) !== path) return;
      box.replaceChildren(...draw(answer));
    } catch (error) {
      if (holds.get(box) !== path) return;
      holds.delete(box);
      box.replaceChildren(make("p", { className: "problem" }, error.message));
    } finally {
      if (holds.get(box) === path || !holds.has(box)) box.toggleAttribute("data-loading", false);
    }
  }

  // Columns ---------------------------------------------------------------------------------------------

  let wheres = []; // of the view shown, as the link spells them
  let open = new Set(); // columns that are unfolded
  let narrow = ""; // text that names must contain

  const of = (column) => wheres.filter((where) => where.split(":")[0] === part(column.name));
  const change = (edit) => window.dataviewer.change(edit);

  // Puts conditions in the place of those that a column has.
  function filter(column, added) {
    change((view) => {
      const kept = view.getAll("where").filter((where) => where.split(":")[0] !== part(column.name));
      view.delete("where");
      [...kept, ...added].forEach((where) => view.append("where", where));
      view.delete("page");
    });
  }

  function picture(column) {
    const { bars } = column;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${BINS_WIDE} 40`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("class", "picture");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${bars.length} ${isCategory(column) ? "values" : "bins"} of ${column.name}`);
    const most = Math.max(1, ...bars.map((bar) => bar.all));
    const wide = BINS_WIDE / Math.max(bars.length, 4);
    bars.forEach((bar, place) => {
      [["all", bar.all], ["shown", bar.count]].forEach(([name, height]) => {
        const rect = document.createElementNS(SVG, "rect");
        const tall = height ? Math.max(1, (40 * height) / most) : 0;
        const box = { x: place * wide, y: 40 - tall, width: wide * 0.92, height: tall, class: name };
        Object.entries(box).forEach(([key, value]) => rect.setAttribute(key, value));
        svg.append(rect);
      });
      const hit = document.createElementNS(SVG, "rect");
      Object.entries({ x: place * wide, y: 0, width: wide, height: 40, class: "hit" }).forEach(([key, value]) => hit.setAttribute(key, value));
      const title = document.createElementNS(SVG, "title");
      title.textContent = `${bar.label}: ${told(bar)}`;
      hit.append(title);
      hit.dataset.place = place;
      svg.append(hit);
    });
    brush(svg, column);
    return svg;
  }

  const told = (bar) => (bar.count === bar.all ? `${count(bar.all)} rows` : `${count(bar.count)} of ${count(bar.all)} rows`);
  const isCategory = (column) => ["text", "logical"].includes(column.type);

  // A click chooses one bar, dragging chooses all that are passed.
  function brush(svg, column) {
    let start = null;
    const place = (event) => Number((event.target.dataset || {}).place);
    svg.addEventListener("pointerdown", (event) => {
      start = place(event);
      event.preventDefault();
      event.stopPropagation();
    });
    svg.addEventListener("pointerover", (event) => {
      if (start === null || !event.buttons) return;
      const ends = [start, place(event)].sort((a, b) => a - b);
      svg.querySelectorAll(".hit").forEach((hit, at) => hit.classList.toggle("brushed", at >= ends[0] && at <= ends[1]));
    });
    svg.addEventListener("pointerup", (event) => {
      if (start === null) return;
      const [first, last] = [start, place(event)].sort((a, b) => a - b);
      start = null;
      if (Number.isNaN(last)) return;
      choose(column, column.bars.slice(first, last + 1));
    });
    svg.addEventListener("click", (event) => event.stopPropagation());
  }

  function choose(column, bars) {
    const added = isCategory(column)
      ? bars.flatMap((bar) => bar.where)
      : [bars[0].where[0], bars[bars.length - 1].where[1]];
    const again = added.length === of(column).length && added.every((where) => wheres.includes(where));
    filter(column, again ? [] : added);
  }

  function columnItem(column) {
    const missing = column.missing ? `${count(column.missing)} missing (${share(column.missing, column.rows)})` : "";
    const facts = [column.distinct ? `${count(column.distinct)} distinct` : "no values", missing].filter(Boolean).join(" · ");
    const body = make("div", { className: "column-body", hidden: !open.has(column.name) });
    const head = make(
      "button",
      { type: "button", className: "column-head", "aria-expanded": String(open.has(column.name)), title: column.meaning },
      make("span", { className: "kind", "aria-hidden": "true" }, KINDS[column.type] || column.type),
      make("span", { className: "column-name" }, column.name),
    );
    head.addEventListener("click", () => {
      const opens = body.hidden;
      open[opens ? "add" : "delete"](column.name);
      body.hidden = !opens;
      head.setAttribute("aria-expanded", String(opens));
      if (opens && !body.firstChild) body.append(...columnBody(column));
    });
    if (!body.hidden) body.append(...columnBody(column));
    const item = make("li", { className: "column", "data-filtered": String(of(column).length > 0) }, head);
    if (column.bars.length) item.append(picture(column));
    item.append(make("p", { className: "facts" }, facts), body);
    item.dataset.name = column.name.toLowerCase();
    return item;
  }

  const share = (some, all) => (all ? `${((100 * some) / all).toLocaleString("en", { maximumFractionDigits: 1 })} %` : "");

  function columnBody(column) {
    const meaning = column.meaning ? [make("p", { className: "meaning" }, column.meaning + (column.unit ? ` (${column.unit})` : ""))] : [];
    return [...meaning, ...statistics(column), ...filterOf(column), arrange(column)];
  }

  function statistics(column) {
    const rows = Object.entries(column.statistics);
    if (!rows.length) return [];
    const list = make("dl", { className: "statistics" });
    rows.forEach(([name, value]) => {
      const text = typeof value === "number" ? Number(value.toPrecision(6)).toLocaleString("en", { maximumSignificantDigits: 6, useGrouping: Math.abs(value) >= 1e4 }) : value;
      list.append(make("dt", {}, name), make("dd", { title: String(value) }, text));
    });
    const used = column.rows - column.missing;
    const basis = `Of ${count(used)} values${column.missing ? `, ${count(column.missing)} missing left out` : ""}${column.estimated ? "; quantiles estimated from 1,000,000 of them" : ""}.`;
    return [list, make("p", { className: "basis" }, basis)];
  }

  function filterOf(column) {
    const box = make("div", { className: "filter" });
    if (isCategory(column) && column.bars.length) box.append(ticks(column));
    if (column.type === "text") box.append(textFilter(column));
    if (["integer", "number", "date", "timestamp"].includes(column.type) && column.bars.length) box.append(rangeFilter(column));
    const whether = [];
    if (column.missing || of(column).some((where) => where.endsWith(":null"))) {
      whether.push(action("only missing", () => filter(column, [`${part(column.name)}:null`])));
      whether.push(action("not missing", () => filter(column, [`${part(column.name)}:notnull`])));
    }
    if (of(column).length) whether.push(action("no condition", () => filter(column, [])));
    if (whether.length) box.append(make("div", { className: "actions" }, ...whether));
    return box.childNodes.length ? [box] : [];
  }

  const action = (text, onclick) => make("button", { type: "button", className: "btn btn-link btn-sm", onclick }, text);

  function ticks(column) {
    const most = Math.max(1, ...column.bars.map((bar) => bar.all));
    const list = make("ul", { className: "ticks" });
    column.bars.forEach((bar) => {
      const box = make("input", { type: "checkbox", checked: wheres.includes(bar.where[0]) });
      box.addEventListener("change", () => {
        const ticked = column.bars.filter((each, place) => list.children[place].querySelector("input").checked);
        filter(column, ticked.length === column.bars.length && !column.others.values ? [] : ticked.flatMap((each) => each.where));
      });
      const meter = make("span", { className: "meter", "aria-hidden": "true" });
      meter.style.setProperty("--all", bar.all / most);
      meter.style.setProperty("--shown", bar.count / most);
      list.append(
        make("li", {}, make("label", { title: told(bar) }, box, make("span", { className: "value" }, bar.label || "“”"), meter, make("span", { className: "number" }, count(bar.count)))),
      );
    });
    if (column.others.values) {
      list.append(make("li", { className: "others" }, `${count(column.others.values)} other values, ${count(column.others.count)} rows`));
    }
    return list;
  }

  function textFilter(column) {
    const operator = make("select", { className: "form-select form-select-sm", "aria-label": `How ${column.name} is compared` });
    TEXT_OPERATORS.forEach(([value, text]) => operator.append(new Option(text, value)));
    const text = make("input", { type: "text", className: "form-control form-control-sm", "aria-label": `Text for ${column.name}`, maxLength: 200 });
    return make(
      "form",
      {
        className: "condition",
        onsubmit: (event) => {
          event.preventDefault();
          if (text.value) filter(column, [`${part(column.name)}:${operator.value}:${part(text.value)}`]);
        },
      },
      operator,
      text,
      make("button", { type: "submit", className: "btn btn-outline-secondary btn-sm" }, "Filter"),
    );
  }

  function rangeFilter(column) {
    const type = column.type === "date" ? "date" : "text";
    const standing = (operator) => (of(column).find((where) => where.split(":")[1] === operator) || "").split(":").slice(2).join(":").replace(/%3A/gi, ":").replace(/%25/g, "%");
    const end = (name, operator) =>
      make("input", { type, inputMode: type === "text" ? "decimal" : "", className: "form-control form-control-sm", "aria-label": `${column.name} ${name}`, placeholder: name, value: standing(operator) });
    const [low, high] = [end("from", "gte"), end("to", "lte")];
    return make(
      "form",
      {
        className: "condition",
        onsubmit: (event) => {
          event.preventDefault();
          const ends = [["gte", low], ["lte", high]].filter(([, input]) => input.value.trim());
          filter(column, ends.map(([operator, input]) => `${part(column.name)}:${operator}:${part(input.value.trim())}`));
        },
      },
      low,
      high,
      make("button", { type: "submit", className: "btn btn-outline-secondary btn-sm" }, "Filter"),
    );
  }

  // Which columns the table shows, and in which order. None named: all, in the order of the file.
  function shownColumns(view) {
    return view.has("columns") ? view.getAll("columns") : names.map(part);
  }

  let names = [];
  function arrange(column) {
    const own = part(column.name);
    const put = (view, chosen) => {
      view.delete("columns");
      if (JSON.stringify(chosen) !== JSON.stringify(names.map(part))) chosen.forEach((name) => view.append("columns", name));
    };
    const hide = () => change((view) => put(view, shownColumns(view).filter((name) => name !== own)));
    const show = () => change((view) => put(view, [...shownColumns(view), own]));
    const first = () => change((view) => put(view, [own, ...shownColumns(view).filter((name) => name !== own)]));
    const move = (by) => () =>
      change((view) => {
        const chosen = shownColumns(view);
        const from = chosen.indexOf(own);
        if (from < 0 || from + by < 0 || from + by >= chosen.length) return;
        chosen.splice(from + by, 0, chosen.splice(from, 1)[0]);
        put(view, chosen);
      });
    const isShown = shownColumns(new URLSearchParams(window.location.search)).includes(own);
    const actions = isShown
      ? [action("hide", hide), action("pin first", first), action("left", move(-1)), action("right", move(1))]
      : [action("show", show)];
    return make("div", { className: "actions" }, make("span", { className: "facts" }, "In the table:"), ...actions);
  }

  function drawColumns(answer) {
    names = answer.columns.map((column) => column.name);
    const head = make("p", { className: "facts basis" }, answer.rows === answer.of ? `Of all ${count(answer.of)} rows.` : `Of ${count(answer.rows)} rows that match; grey: all ${count(answer.of)}.`);
    const list = make("ul", { className: "columns-list" }, ...answer.columns.map(columnItem));
    const find = make("input", { type: "search", className: "form-control form-control-sm", placeholder: "Find a column", "aria-label": "Find a column", value: narrow });
    const keep = () => {
      narrow = find.value.trim().toLowerCase();
      [...list.children].forEach((item) => (item.hidden = Boolean(narrow) && !item.dataset.name.includes(narrow)));
    };
    find.addEventListener("input", keep);
    if (narrow) keep();
    const hidden = new URLSearchParams(window.location.search).has("columns");
    const every = hidden ? [action("show all columns", () => change((view) => view.delete("columns")))] : [];
    return [...(names.length > 8 ? [find] : []), head, ...every, list];
  }

  function showColumns(dataset, query) {
    const box = document.getElementById("columns-list");
    if (!box || !dataset || !box.offsetParent) return;
    const view = new URLSearchParams(query);
    const kept = new URLSearchParams();
    ["where", "search"].forEach((key) => view.getAll(key).forEach((value) => kept.append(key, value)));
    wheres = view.getAll("where");
    if (box.dataset.dataset !== dataset) {
      open = new Set();
      narrow = "";
      box.dataset.dataset = dataset;
    }
    fill(box, `${address(dataset)}/profile.json?${kept}`, drawColumns);
  }

  // Documentation -----------------------------------------------------------------------------------------

  const SECTIONS = { description: "", details: "Details", format: "Format", note: "Note", source: "Source", references: "References", see_also: "See also" };

  function prose(blocks) {
    return blocks.map((block) => {
      const spans = block.spans.map((span) =>
        span.href ? make("a", { href: span.href, target: "_blank", rel: "noopener noreferrer" }, span.text) : span.text,
      );
      return make(block.kind === "preformatted" ? "pre" : "p", { className: block.kind === "item" ? "item" : "" }, ...spans);
    });
  }

  function drawAbout(answer) {
    const sections = Object.entries(SECTIONS).flatMap(([name, title]) => {
      const blocks = answer.documentation[name];
      return blocks.length ? [...(title ? [make("h2", {}, title)] : []), ...prose(blocks)] : [];
    });
    const told = answer.columns.filter((column) => column.description);
    const meanings = told.length
      ? [make("h2", {}, "Columns"), make("dl", { className: "meanings" }, ...told.flatMap((column) => [make("dt", {}, column.name), make("dd", {}, column.description)]))]
      : [];
    const none = sections.length || told.length ? [] : [make("p", {}, "No documentation came with this dataset.")];
    const cite = [make("h2", {}, "Cite"), make("p", {}, answer.citation.text), make("pre", {}, answer.citation.bibtex)];
    return [...none, ...sections, ...meanings, make("h2", {}, "Licence"), make("p", {}, answer.licence), ...cite];
  }

  function drawQuality(answer) {
    if (!answer.findings.length) return [make("p", {}, "Nothing odd: no value is missing, no row repeats, no column is constant.")];
    const item = (finding) => {
      const link = finding.where.length
        ? [" ", action("show the rows", () => change((view) => {
            view.delete("where");
            finding.where.forEach((where) => view.append("where", where));
            view.delete("page");
          }))]
        : [];
      return make("li", {}, finding.words, ...link);
    };
    return [make("ul", {}, ...answer.findings.map(item)), make("p", { className: "basis" }, `Of all ${count(answer.of)} rows.`)];
  }

  const FOLDED = { about: [(dataset) => address(dataset), drawAbout], quality: [(dataset) => `${address(dataset)}/quality.json`, drawQuality] };

  function showFolded(dataset) {
    Object.entries(FOLDED).forEach(([id, [path, draw]]) => {
      const details = document.getElementById(id);
      if (details && details.open && dataset) fill(details.lastElementChild, path(dataset), draw);
    });
  }

  // One row -------------------------------------------------------------------------------------------------

  function drawRow(answer) {
    const to = (row) => () => change((view) => (row ? view.set("row", row) : view.delete("row")));
    const step = (text, row) => make("button", { type: "button", className: "btn btn-link btn-sm", disabled: !row, onclick: to(row) }, text);
    const only = (cell) => action("only these", () => change((view) => {
      view.getAll("where").includes(cell.where) || view.append("where", cell.where);
      view.delete("page");
    }));
    const cells = answer.cells.map((cell) =>
      make(
        "div",
        {},
        make("dt", { title: cell.meaning }, cell.name, ...(cell.meaning ? [make("small", {}, cell.meaning)] : [])),
        make("dd", {}, make("span", { className: cell.value === null ? "absent" : "" }, cell.value === null ? "NA" : cell.value === "" ? "“”" : String(cell.value)), only(cell)),
      ),
    );
    return [
      make("div", { className: "row-head" }, make("h2", {}, `Row ${count(answer.row)} of ${count(answer.of)}`), step("‹ previous", answer.previous), step("next ›", answer.next), step("close", null)),
      make("dl", {}, ...cells),
    ];
  }

  function showRow(dataset, query) {
    const box = document.getElementById("row");
    if (!box) return;
    const view = new URLSearchParams(query);
    const row = view.get("row");
    box.hidden = !row || !dataset || dataset === "catalog";
    if (box.hidden) return holds.delete(box);
    const asked = new URLSearchParams({ row });
    ["sort", "where", "search"].forEach((key) => view.getAll(key).forEach((value) => asked.append(key, value)));
    fill(box, `${address(dataset)}/row.json?${asked}`, drawRow).then(() => {
      const close = box.querySelector(".row-head button:last-child");
      if (close) close.disabled = false;
    });
  }

  // ---------------------------------------------------------------------------------------------------------

  const BESIDE = window.matchMedia("(min-width: 1100px)");
  let now = { dataset: null };
  let unfolded = false;
  function show() {
    if (!unfolded && BESIDE.matches) document.getElementById("columns-panel").open = true;
    unfolded = true;
    const query = window.location.search;
    showColumns(now.dataset, query);
    showRow(now.dataset, query);
    showFolded(now.dataset);
  }

  // Told by the page's script once an answer is shown: first what was asked for, then what stands beside it.
  document.addEventListener("dataviewer:shown", (event) => {
    if ("dataset" in event.detail) now = event.detail;
    requestAnimationFrame(() => setTimeout(show));
  });
  document.addEventListener("toggle", (event) => event.target.closest("#about, #quality, #columns-panel") && show(), true);
  window.addEventListener("popstate", () => setTimeout(show));
})();

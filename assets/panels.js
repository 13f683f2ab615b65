// What stands beside the table and the chart: the columns with their summaries and filters, the documentation, one row.
// The page is a client of its own API here: these parts are plain elements made of its answers, text only.
(function () {
  "use strict";

  const { make, draw, ask, address, count } = window.dataviewer.dom;
  const [WIDE, TALL] = [200, 40]; // units of the picture of a column's values
  const SLOTS_MIN = 4; // bars that a picture has room for at least: two values are no two walls
  const LENGTH_MAX = 4000; // characters of a link that the server reads
  const KINDS = { integer: "123", number: "1.5", text: "abc", date: "date", timestamp: "time", logical: "y/n", empty: "–" };
  const TEXT_OPERATORS = [
    ["contains", "contains"],
    ["starts", "starts with"],
    ["ends", "ends with"],
    ["eq", "is"],
    ["ncontains", "does not contain"],
  ];
  const NUMBER = { inputMode: "decimal", pattern: "[+\\-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+\\-]?\\d{1,3})?", title: "A number such as 2.5" };
  const TIME = { pattern: "\\d{4}-\\d\\d-\\d\\d([ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,6})?)?)?", title: "A time such as 2020-02-29 12:30" };
  const ENDS = { integer: NUMBER, number: NUMBER, date: { type: "date" }, timestamp: TIME }; // what bounds are typed into
  const STATISTICS = [
    "least", "first quartile", "median", "third quartile", "greatest", "mean", "standard deviation", "infinite",
    "first", "last", "shortest", "longest", "mean length", "examples",
  ];

  // As View spells a name or a value, and back.
  const part = (text) => String(text).replace(/%/g, "%25").replace(/:/g, "%3A");
  const unpart = (text) => text.replace(/%3A/gi, ":").replace(/%25/g, "%");
  const named = (name) => name || "“”";

  // `data-does` tells one button of a panel from another when the panel is drawn anew.
  const button = (className, text, onclick, more) =>
    make("button", { type: "button", className, onclick, "data-does": text, ...more }, text);
  const action = (text, onclick, more) => button("btn btn-link btn-sm", text, onclick, more);

  // Fills a box with what `path` answers, unless it holds that already, drawn anew where `also` differs. An answer that
  // another one overtook is dropped. `rescue` is what stands beside the sentence of an error.
  const holds = new WeakMap();
  async function fill(box, path, parts, { also = "", rescue = [] } = {}) {
    const held = holds.get(box);
    if (held && held.path === path) {
      const other = held.also !== also;
      held.also = also;
      if (other && held.answer) swap(box, parts(held.answer));
      return;
    }
    const now = { path, also, answer: null };
    holds.set(box, now);
    box.toggleAttribute("data-loading", true);
    try {
      const answer = await ask(path);
      if (holds.get(box) !== now) return;
      now.answer = answer;
      swap(box, parts(answer));
    } catch (error) {
      if (holds.get(box) !== now) return;
      holds.delete(box);
      swap(box, [make("p", { className: "problem" }, error.message), ...rescue]);
    }
    box.toggleAttribute("data-loading", false);
  }

  // Puts other parts into a box; the focus stays on what does the same, else on what is nearest to it.
  function swap(box, parts) {
    const held = box.contains(document.activeElement) ? document.activeElement : null;
    const touched = [...box.querySelectorAll("[data-touched]")];
    const items = new Map([held, ...touched].map((element) => [element, element && element.closest("[data-column]")]));
    box.replaceChildren(...parts);
    const own = (element) => {
      const item = items.get(element);
      return item && [...box.querySelectorAll("[data-column]")].find((each) => each.dataset.column === item.dataset.column);
    };
    touched.forEach((field) => retype(own(field), field));
    if (!held) return;
    const doing = [...(own(held) || box).querySelectorAll("[data-does]")].filter((each) => !each.disabled);
    const next = doing.find((each) => each.dataset.does === held.dataset.does) || doing[0];
    if (next) next.focus({ preventScroll: true });
  }

  // What was typed and not sent yet stays, unless the field shows something else now.
  function retype(item, { dataset: { does, drawn }, value }) {
    const field = item && item.querySelector(`[data-does="${does}"]`);
    if (field && field.dataset.drawn === drawn) [field.value, field.dataset.touched] = [value, ""];
  }

  // Columns ---------------------------------------------------------------------------------------------

  let wheres = []; // of the view shown, as the link spells them
  let names = []; // of all columns, in the order of the file
  let open = new Set(); // columns that are unfolded
  let narrow = ""; // text that names or meanings must contain

  const { between, change, foresight } = window.dataviewer;
  const nameOf = (where) => unpart(where.split(":")[0]);
  const operatorOf = (where) => where.split(":")[1];
  const valueOf = (where) => unpart(where.split(":").slice(2).join(":"));
  const of = (column, conditions = wheres) => conditions.filter((where) => nameOf(where) === column.name);
  const isCategory = (column) => ["text", "logical"].includes(column.type);
  const condition = (column, operator, value) => `${part(column.name)}:${operator}${value === undefined ? "" : `:${part(value)}`}`;

  // Puts conditions in the place of those that a column has.
  const filtering = (column, added) => (view) => {
    const kept = view.getAll("where").filter((where) => nameOf(where) !== column.name);
    view.delete("where");
    [...kept, ...added].forEach((where) => view.append("where", where));
    view.delete("page");
  };
  const filter = (column, added) => change(filtering(column, added));

  const told = (bar) => `${bar.count === bar.all ? "" : `${count(bar.count)} of `}${count(bar.all)} ${bar.all === 1 ? "row" : "rows"}`;

  // Grey all rows, in colour those of the view. For the eye and the pointer: the keyboard has the ticks and the forms.
  function picture(column) {
    const { bars } = column;
    const most = Math.max(1, ...bars.map((bar) => bar.all));
    const wide = WIDE / Math.max(bars.length, SLOTS_MIN);
    const what = `${bars.length} ${isCategory(column) ? "values" : "bins"} of ${named(column.name)}`;
    const svg = draw("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: "none", class: "picture", role: "img", "aria-label": what });
    bars.forEach((bar, place) => {
      [["all", bar.all], ["shown", bar.count]].forEach(([name, rows]) => {
        const height = rows ? Math.max(1, (TALL * rows) / most) : 0;
        svg.append(draw("rect", { x: place * wide, y: TALL - height, width: wide * 0.92, height, class: name }));
      });
      const title = draw("title", {}, `${bar.label}: ${told(bar)}`);
      const cover = draw("rect", { x: place * wide, y: 0, width: wide, height: TALL, class: bar.where.length ? "hit" : "still" }, title);
      svg.append(bar.where.length ? foresight.offer(cover, choosing(column, [bar])) : cover);
    });
    if (bars.some((bar) => bar.where.length)) brush(svg, column);
    return svg;
  }

  // A click chooses one bar, dragging chooses all that are passed, also where the pointer leaves the picture.
  function brush(svg, column) {
    const { bars } = column;
    const covers = [...svg.querySelectorAll(".hit, .still")];
    let start = null;
    const slot = (event) => {
      const box = svg.getBoundingClientRect();
      return Math.floor(((event.clientX - box.left) / box.width) * Math.max(bars.length, SLOTS_MIN));
    };
    const ends = (event) => [start, Math.min(Math.max(slot(event), 0), bars.length - 1)].sort((a, b) => a - b);
    const mark = (first, last) => covers.forEach((cover, at) => cover.classList.toggle("brushed", at >= first && at <= last));
    svg.addEventListener("pointerdown", (event) => {
      const at = slot(event);
      if (event.button || !bars[at] || !bars[at].where.length) return;
      start = at;
      svg.setPointerCapture(event.pointerId);
      mark(at, at);
    });
    svg.addEventListener("pointermove", (event) => start !== null && mark(...ends(event)));
    svg.addEventListener("pointerup", (event) => {
      if (start === null) return;
      const [first, last] = ends(event);
      start = null;
      change(choosing(column, bars.slice(first, last + 1).filter((bar) => bar.where.length)));
    });
    svg.addEventListener("lostpointercapture", () => {
      start = null;
      mark(1, 0);
    });
  }

  // The conditions that keep the rows of some bars that stand side by side.
  function conditionsOf(column, bars) {
    if (isCategory(column) || bars.length === 1) return bars.flatMap((bar) => bar.where);
    return between(bars[0].where, bars[bars.length - 1].where);
  }

  const choosing = (column, bars) => (view) => {
    const [added, standing] = [conditionsOf(column, bars), of(column, view.getAll("where"))];
    const again = added.length === standing.length && added.every((where) => standing.includes(where));
    filtering(column, again ? [] : added)(view);
  };

  function columnItem(column) {
    const shown = shownColumns().includes(column.name);
    const facts = [
      column.distinct ? `${count(column.distinct)} distinct` : "no values",
      column.missing ? `${count(column.missing)} missing (${share(column.missing, column.rows)})` : "",
      shown ? "" : "not in the table",
    ];
    const isOpen = open.has(column.name);
    const body = make("div", { className: "column-body", hidden: !isOpen }, ...(isOpen ? columnBody(column) : []));
    const head = make(
      "button",
      { type: "button", className: "column-head", "aria-expanded": String(isOpen), "data-does": "unfold", title: column.meaning },
      make("span", { className: "kind", "aria-hidden": "true" }, KINDS[column.type] || column.type),
      make("span", { className: "column-name" }, named(column.name)),
    );
    head.addEventListener("click", () => {
      const opens = body.hidden;
      open[opens ? "add" : "delete"](column.name);
      body.hidden = !opens;
      head.setAttribute("aria-expanded", String(opens));
      body.replaceChildren(...(opens ? columnBody(column) : []));
    });
    return make(
      "li",
      { className: "column", "data-column": column.name, "data-filtered": String(of(column).length > 0) },
      head,
      column.bars.length ? picture(column) : null,
      make("p", { className: "facts" }, facts.filter(Boolean).join(" · ")),
      body,
    );
  }

  // Some never read as none, nor fewer than all as all.
  function share(some, all) {
    const percent = (100 * some) / all;
    if (some && percent < 0.05) return "under 0.1\u00a0%";
    if (some < all && percent >= 99.95) return "over 99.9\u00a0%";
    return `${percent.toLocaleString("en", { maximumFractionDigits: 1 })}\u00a0%`;
  }

  function columnBody(column) {
    const unit = column.unit && !column.meaning.includes(column.unit) ? ` (${column.unit})` : "";
    const meaning = column.meaning ? [make("p", { className: "meaning" }, column.meaning + unit)] : [];
    return [...meaning, ...statistics(column), ...filterOf(column), arrange(column)];
  }

  // Whole numbers whole, others with six digits, none as a row of zeros.
  function written(value) {
    if (typeof value !== "number") return value;
    const size = Math.abs(value);
    if (size && (size >= 1e15 || size < 1e-5)) return String(Number(value.toPrecision(6)));
    const digits = Number.isInteger(value) || size >= 1e5 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 6 };
    return value.toLocaleString("en", { ...digits, useGrouping: size >= 1e4 });
  }

  function statistics(column) {
    const place = ([name]) => (STATISTICS.includes(name) ? STATISTICS.indexOf(name) : STATISTICS.length);
    const rows = Object.entries(column.statistics).sort((one, other) => place(one) - place(other));
    if (!rows.length) return [];
    const list = rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", { title: String(value) }, written(value))]);
    const infinite = column.statistics.infinite || 0; // none of the others is of these
    const left = [[column.missing, "missing"], [infinite, "infinite"]].filter(([number]) => number);
    const basis = [
      `Of ${count(column.rows - column.missing - infinite)} values`,
      left.length ? `, ${left.map(([number, what]) => `${count(number)} ${what}`).join(" and ")} left out` : "",
      column.estimated ? "; quantiles estimated from 1,000,000 of them" : "",
    ];
    return [make("dl", { className: "statistics" }, ...list), make("p", { className: "basis" }, `${basis.join("")}.`)];
  }

  function filterOf(column) {
    const parts = [];
    if (isCategory(column) && column.bars.length) parts.push(ticks(column));
    if (column.type === "text") parts.push(textFilter(column));
    if (ENDS[column.type] && column.bars.length) parts.push(rangeFilter(column));
    const only = [];
    if (column.missing || of(column).some((where) => ["null", "notnull"].includes(operatorOf(where)))) {
      only.push(action("only missing", () => filter(column, [condition(column, "null")])));
      only.push(action("not missing", () => filter(column, [condition(column, "notnull")])));
    }
    if (of(column).length) only.push(action("no condition", () => filter(column, [])));
    if (only.length) parts.push(make("div", { className: "actions" }, ...only));
    return parts.length ? [make("div", { className: "filter" }, ...parts)] : [];
  }

  // The values that conditions ask for, one of which a row must have.
  function asked(column, conditions) {
    const values = of(column, conditions).flatMap((where) => {
      if (operatorOf(where) === "eq") return [valueOf(where)];
      return operatorOf(where) === "in" ? where.split(":").slice(2).map(unpart) : [];
    });
    return column.type === "logical" ? values.map((value) => value.toLowerCase()) : values;
  }

  function ticks(column) {
    const most = Math.max(1, ...column.bars.map((bar) => bar.all));
    const standing = asked(column);
    const listed = column.bars.filter((bar) => bar.where.length).map((bar) => valueOf(bar.where[0]));
    // Of the view as it is by then: the next tick may come before the answer to the last.
    const toggling = (value, on) => (view) => {
      const before = asked(column, view.getAll("where"));
      const values = [...listed, ...before.filter((other) => !listed.includes(other))];
      const ticked = values.filter((each) => (each === value ? on : before.includes(each)));
      filtering(column, ticked.map((each) => condition(column, "eq", each)))(view);
    };
    const items = column.bars.map((bar) => {
      const value = bar.where.length ? valueOf(bar.where[0]) : null;
      const box = make("input", { type: "checkbox", checked: standing.includes(value), disabled: value === null, "data-does": `tick ${value}` });
      box.addEventListener("change", () => change(toggling(value, box.checked)));
      const meter = make("span", { className: "meter", "aria-hidden": "true" });
      meter.style.setProperty("--all", bar.all / most);
      meter.style.setProperty("--shown", bar.count / most);
      const text = make("span", { className: "value" }, bar.label);
      const label = make("label", { title: `${bar.label}: ${told(bar)}` }, box, text, meter, make("span", { className: "number" }, count(bar.count)));
      return make("li", {}, value === null ? label : foresight.offer(label, (view) => toggling(value, !box.checked)(view)));
    });
    const { values, count: rows } = column.others;
    const others = values ? `${count(values)} other ${values === 1 ? "value" : "values"}, ${count(rows)} ${rows === 1 ? "row" : "rows"}` : "";
    return make("ul", { className: "ticks" }, ...items, others ? make("li", { className: "others" }, others) : null);
  }

  // A form whose button, or Enter, puts the conditions that `added` gives: it shows one of several that may stand, so one
  // that nobody touched changes nothing.
  function form(column, added, ...fields) {
    const isTouched = () => fields.some((field) => "touched" in field.dataset);
    const onsubmit = (event) => {
      event.preventDefault();
      if (!isTouched()) return;
      fields.forEach((field) => delete field.dataset.touched);
      filter(column, added());
    };
    fields.forEach((field) => {
      field.dataset.drawn = field.value;
      field.addEventListener("input", () => (field.dataset.touched = ""));
    });
    const submit = make("button", { type: "submit", className: "btn btn-outline-secondary btn-sm", "data-does": "filter" }, "Filter");
    const made = make("form", { className: "condition", onsubmit }, ...fields, submit);
    return foresight.offer(made, (view) => isTouched() && made.checkValidity() && filtering(column, added())(view));
  }

  function textFilter(column) {
    const standing = of(column).find((where) => TEXT_OPERATORS.some(([name]) => name === operatorOf(where) && name !== "eq"));
    const options = TEXT_OPERATORS.map(([value, text]) => new Option(text, value));
    const operator = make(
      "select",
      { className: "form-select form-select-sm", "aria-label": `How ${named(column.name)} is compared`, "data-does": "compare" },
      ...options,
    );
    const text = make("input", {
      type: "text", className: "form-control form-control-sm", "aria-label": `Text for ${named(column.name)}`, maxLength: 200, "data-does": "text",
    });
    if (standing) [operator.value, text.value] = [operatorOf(standing), valueOf(standing)];
    return form(column, () => (text.value ? [condition(column, operator.value, text.value)] : []), operator, text);
  }

  function rangeFilter(column) {
    const ends = [["from", "gte"], ["to", "lte"]].map(([name, operator]) => {
      const standing = of(column).find((where) => operatorOf(where)[0] === operator[0] || operatorOf(where) === "eq");
      const value = standing ? valueOf(standing) : "";
      const input = make("input", {
        type: "text", className: "form-control form-control-sm", "aria-label": `${named(column.name)} ${name}`, placeholder: name, "data-does": name,
        ...ENDS[column.type], value,
      });
      // An end that nobody touched stays what it was, "below" as well as "at most".
      const isBound = standing && operatorOf(standing) !== "eq";
      return { input, operator: () => (isBound && input.value === value ? operatorOf(standing) : operator) };
    });
    const added = () =>
      ends.filter(({ input }) => input.value.trim()).map(({ input, operator }) => condition(column, operator(), input.value.trim()));
    return form(column, added, ...ends.map(({ input }) => input));
  }

  // The columns that the table shows, in its order. None named: all, in the order of the file.
  function shownColumns(view = new URLSearchParams(window.location.search)) {
    const chosen = [...new Set(view.getAll("columns").map(unpart))].filter((name) => names.includes(name));
    return chosen.length ? chosen : names;
  }

  // What each button makes of the names shown; null: it cannot be pressed.
  const ARRANGE = {
    hide: (shown, at) => (at < 0 || shown.length < 2 ? null : shown.toSpliced(at, 1)),
    show: (shown, at, own) => (at < 0 ? [...shown, own] : null),
    "pin first": (shown, at, own) => (at < 1 ? null : [own, ...shown.toSpliced(at, 1)]),
    left: (shown, at, own) => (at < 1 ? null : shown.toSpliced(at, 1).toSpliced(at - 1, 0, own)),
    right: (shown, at, own) => (at < 0 || at === shown.length - 1 ? null : shown.toSpliced(at, 1).toSpliced(at + 1, 0, own)),
  };

  function arrange(column) {
    const own = column.name;
    const told = make("span", { className: "facts" }, "In the table:");
    const press = (name) => () => {
      const shown = shownColumns();
      const chosen = ARRANGE[name](shown, shown.indexOf(own), own);
      if (!chosen) return;
      const isAll = JSON.stringify(chosen) === JSON.stringify(names);
      const asked = isAll ? [] : chosen.map(part);
      const view = new URLSearchParams(window.location.search);
      view.delete("columns");
      asked.forEach((each) => view.append("columns", each));
      if (view.toString().length > LENGTH_MAX) {
        told.textContent = "A link cannot hold the names of so many columns.";
        return;
      }
      change((now) => {
        now.delete("columns");
        asked.forEach((each) => now.append("columns", each));
      });
    };
    const shown = shownColumns();
    const at = shown.indexOf(own);
    const offered = at < 0 ? ["show"] : ["hide", "pin first", "left", "right"];
    const buttons = offered.map((name) => action(name, press(name), { disabled: !ARRANGE[name](shown, at, own) }));
    return make("div", { className: "actions" }, told, ...buttons);
  }

  function drawColumns(answer) {
    names = answer.columns.map((column) => column.name);
    const every = answer.rows === answer.of;
    const basis = every ? `Of all ${count(answer.of)} rows.` : `Of ${count(answer.rows)} rows that match; grey: all ${count(answer.of)}.`;
    const list = make("ul", { className: "columns-list" }, ...answer.columns.map(columnItem));
    const find = make("input", {
      type: "search", className: "form-control form-control-sm", placeholder: "Find a column", "aria-label": "Find a column", value: narrow, "data-does": "find",
    });
    const none = make("p", { className: "facts", hidden: true, role: "status" }, "No column has that in its name or its meaning.");
    const texts = answer.columns.map((column) => `${column.name}\n${column.meaning}`.toLowerCase());
    const keep = () => {
      narrow = find.value;
      const text = narrow.trim().toLowerCase();
      const items = [...list.children];
      items.forEach((item, place) => (item.hidden = !texts[place].includes(text)));
      none.hidden = items.some((item) => !item.hidden);
    };
    find.addEventListener("input", keep);
    if (names.length > 8) keep();
    const all = () => change((view) => view.delete("columns"));
    const chosen = new URLSearchParams(window.location.search).has("columns");
    return [
      ...(names.length > 8 ? [find] : []),
      make("p", { className: "facts basis" }, basis),
      ...(chosen ? [action("show all columns", all)] : []),
      none,
      list,
    ];
  }

  function showColumns(dataset, view) {
    const box = document.getElementById("columns-list");
    if (!box.offsetParent) return; // folded
    if (box.dataset.dataset !== dataset) {
      [open, narrow, box.dataset.dataset] = [new Set(), "", dataset];
    }
    wheres = view.getAll("where");
    const without = action("without conditions", () => change((now) => ["where", "search", "page"].forEach((key) => now.delete(key))));
    const rescue = wheres.length || view.has("search") ? [without] : [];
    fill(box, `${address(dataset)}/profile.json?${only(view, "where", "search")}`, drawColumns, { also: view.getAll("columns").join("&"), rescue });
  }

  // The part of a view that some keys make.
  function only(view, ...keys) {
    return new URLSearchParams(keys.flatMap((key) => view.getAll(key).map((value) => [key, value])));
  }

  // Documentation -----------------------------------------------------------------------------------------

  const SECTIONS = {
    description: "", details: "Details", format: "Format", note: "Note", source: "Source", references: "References", see_also: "See also",
  };

  function prose(blocks) {
    return blocks.map((block) => {
      const spans = block.spans.map((span) =>
        span.href ? make("a", { href: span.href, target: "_blank", rel: "noopener noreferrer" }, span.text) : span.text,
      );
      return make(block.kind === "preformatted" ? "pre" : "p", { className: block.kind === "item" ? "item" : "" }, ...spans);
    });
  }

  const titled = (title, ...parts) => (parts.length ? [...(title ? [make("h2", {}, title)] : []), ...parts] : []);

  function drawAbout(answer) {
    const sections = Object.entries(SECTIONS).flatMap(([name, title]) => titled(title, ...prose(answer.documentation[name])));
    const words = (column) => column.documentation || column.description;
    const told = answer.columns.filter(words);
    const meanings = told.flatMap((column) => [make("dt", {}, named(column.name)), make("dd", {}, words(column))]);
    const none = sections.length || told.length ? [] : [make("p", {}, "No documentation came with this dataset.")];
    return [
      ...none,
      ...sections,
      ...(told.length ? titled("Columns", make("dl", { className: "meanings" }, ...meanings)) : []),
      ...(answer.licence ? titled("Licence", make("p", {}, answer.licence)) : []),
      ...titled("Cite", make("p", {}, answer.citation.text), make("pre", {}, answer.citation.bibtex)),
    ];
  }

  function drawQuality(answer) {
    if (!answer.of) return [make("p", {}, "The dataset has no rows.")];
    if (!answer.findings.length) {
      return [make("p", {}, "Nothing odd: no value is missing, no row repeats, no column is constant.")];
    }
    // A finding is of all rows: what else narrows them goes.
    const show = (finding) => () =>
      change((view) => {
        ["where", "search", "page"].forEach((key) => view.delete(key));
        finding.where.forEach((where) => view.append("where", where));
      });
    const item = (finding) => make("li", {}, finding.words, ...(finding.where.length ? [" ", action("show the rows", show(finding))] : []));
    return [make("ul", {}, ...answer.findings.map(item)), make("p", { className: "basis" }, `Of all ${count(answer.of)} rows.`)];
  }

  const FOLDED = { about: ["", drawAbout], quality: ["/quality.json", drawQuality] };

  function showFolded(dataset) {
    Object.entries(FOLDED).forEach(([id, [ending, parts]]) => {
      const details = document.getElementById(id);
      const box = details.lastElementChild;
      if (box.dataset.dataset !== dataset) {
        holds.delete(box);
        box.replaceChildren();
        box.dataset.dataset = dataset;
      }
      if (details.open && details.offsetParent) fill(box, `${address(dataset)}${ending}`, parts);
    });
  }

  // One row -------------------------------------------------------------------------------------------------

  const goto = (row) => () => change((view) => (row ? view.set("row", row) : view.delete("row")));

  // The browser's numbers lose digits of large integers; the condition on a value has them all.
  function valueOfCell(cell) {
    if (cell.value === null) return make("span", { className: "absent" }, "NA");
    if (cell.value === "") return make("span", { className: "absent" }, "“”");
    return make("span", {}, cell.type === "integer" && cell.where ? valueOf(cell.where) : String(cell.value));
  }

  function drawRow(answer) {
    const step = (does, text, row) => action(text, goto(row), { disabled: !row, "data-does": does });
    const keep = (cell) => () =>
      change((view) => {
        if (!view.getAll("where").includes(cell.where)) view.append("where", cell.where);
        view.delete("page");
      });
    const cells = answer.cells.map((cell) => {
      const name = make("dt", { title: cell.meaning }, named(cell.name), cell.meaning ? make("small", {}, cell.meaning) : null);
      const these = cell.where
        ? action("only these", keep(cell), { "aria-label": `Only these: ${named(cell.name)}`, "data-does": `only ${cell.name}` })
        : null;
      return make("div", {}, name, make("dd", {}, valueOfCell(cell), these));
    });
    return [
      make(
        "div",
        { className: "row-head" },
        make("h2", {}, `Row ${count(answer.row)} of ${count(answer.of)}`),
        answer.matches ? null : make("p", { className: "facts" }, "Not among the rows that match."),
        step("previous", "‹ previous", answer.previous),
        step("next", "next ›", answer.next),
        action("close", goto(null)),
      ),
      make("dl", {}, ...cells),
    ];
  }

  function showRow(dataset, view) {
    const box = document.getElementById("row");
    const row = view.get("row");
    box.hidden = !row || dataset === "catalog";
    if (box.hidden) {
      holds.delete(box);
      box.replaceChildren();
      return;
    }
    const path = `${address(dataset)}/row.json?${only(view, "row", "sort", "where", "search")}`;
    fill(box, path, drawRow, { rescue: [action("close", goto(null))] });
  }

  // ---------------------------------------------------------------------------------------------------------

  const BESIDE = window.matchMedia("(min-width: 1100px)");
  let shown = null; // the dataset whose table is on the page
  let unfolded = false;

  // The link may be ahead of the table: a view of another dataset is not asked of this one.
  function isOfShown(view) {
    const name = view.get("dataset") || "catalog";
    return shown && (name === shown || name === shown.split("/").pop());
  }

  function show() {
    const view = new URLSearchParams(window.location.search);
    if (!isOfShown(view)) return;
    if (!unfolded && BESIDE.matches && !document.documentElement.dataset.embed) document.getElementById("columns-panel").open = true;
    unfolded = true;
    showColumns(shown, view);
    showRow(shown, view);
    showFolded(shown);
  }

  // Told by the page's script once an answer is shown: first what was asked for, then what stands beside it.
  document.addEventListener("dataviewer:shown", (event) => {
    if ("dataset" in event.detail) shown = event.detail.dataset;
    requestAnimationFrame(showOnceDrawn);
  });

  // The chart is what one waits for: what stands beside it begins once it is drawn, lest it be drawn later.
  const LOOK = 20; // milliseconds
  let looking = 0;
  function showOnceDrawn() {
    clearTimeout(looking);
    const waits = document.documentElement.hasAttribute("data-busy") || document.querySelector(".dash-graph--pending");
    looking = setTimeout(waits ? showOnceDrawn : show, waits ? LOOK : 0);
  }
  // Told by the head of a column: its conditions are in the list, unfolded there.
  let wanted = null;
  function unfoldWanted() {
    if (wanted === null) return;
    const item = document.querySelectorAll("#columns-list .column")[wanted];
    if (!item) return;
    wanted = null;
    const head = item.querySelector(".column-head");
    if (head.getAttribute("aria-expanded") !== "true") head.click();
    item.scrollIntoView({ block: "nearest" });
    (item.querySelector(".filter input, .filter select, .filter button") || head).focus();
  }
  document.addEventListener("dataviewer:filter", (event) => {
    wanted = event.detail.place;
    document.getElementById("columns-panel").open = true;
    unfoldWanted();
  });
  new MutationObserver(unfoldWanted).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("toggle", (event) => event.target.closest("#about, #quality, #columns-panel") && show(), true);
})();

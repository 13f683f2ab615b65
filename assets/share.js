// Ways to take the view along: a link, a frame in another page, files, code. One dialog, filled when it is opened.
(function () {
  "use strict";

  const { make, askText, address } = window.dataviewer.dom;
  const FRAME_HEIGHT = 640; // pixels, until the frame has told its own
  const PARTS = [["true", "Chart and table"], ["chart", "Chart"], ["table", "Table"]]; // as `embed` spells them
  const FILES = [
    ["csv", "CSV", "text, for every program"],
    ["xlsx", "Excel", "a workbook"],
    ["parquet", "Parquet", "small, keeps types: pandas, polars, R, DuckDB"],
    ["arrow", "Arrow", "Arrow IPC, keeps types"],
    ["json", "JSON", "one object with all rows"],
    ["ndjson", "NDJSON", "one object a line"],
  ];
  const LANGUAGES = [["pandas", "pandas"], ["polars", "polars"], ["duckdb", "DuckDB"], ["r", "R"]];
  const OF_ROWS = ["sort", "where", "search", "columns"]; // keys of the view
  const OF_PAGE = ["dataset", "embed", "page", "size", "row"];

  const dataset = () => document.body.dataset.dataset;
  const title = () => document.querySelector("#heading h1").textContent;

  // The pairs of the view whose key is meant, as the address spells them.
  function query(isMeant) {
    const pairs = window.location.search.slice(1).split("&");
    return pairs.filter((pair) => pair && isMeant(pair.split("=")[0])).join("&");
  }

  function link(more) {
    const all = [query((key) => key !== "embed"), more].filter(Boolean).join("&");
    return window.location.href.split("?")[0].split("#")[0] + (all ? `?${all}` : "");
  }

  const api = (path, asked) => `${address(dataset())}/${path}${asked && `?${asked}`}`;
  const everyRow = () => [query((key) => OF_ROWS.includes(key)), "size=max"].filter(Boolean).join("&");
  const wholeView = () => query((key) => !OF_PAGE.includes(key));

  // Text to copy, and the button that copies it.
  function copied(label, text, id) {
    const rows = Math.min(24, text.split("\n").length);
    const field = rows > 1
      ? make("textarea", { id, readOnly: true, rows, value: text, className: "form-control form-control-sm", spellcheck: false, wrap: "off" })
      : make("input", { id, readOnly: true, value: text, className: "form-control form-control-sm" });
    const button = make("button", { type: "button", className: "btn btn-sm btn-outline-secondary", "aria-label": `Copy: ${label}` }, "Copy");
    button.addEventListener("click", async () => {
      field.select();
      const done = await navigator.clipboard.writeText(field.value).then(() => true, () => document.execCommand("copy"));
      button.textContent = done ? "Copied" : "Press Ctrl+C";
      said.textContent = done ? `${label} copied` : "";
    });
    return make("div", { className: "copied" }, make("label", { htmlFor: id }, label), field, button);
  }

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  const snippet = (part, height) =>
    `<iframe src="${escaped(link(`embed=${part}`))}" title="${escaped(title())}" width="100%" height="${height}" style="border: 0" loading="lazy"></iframe>`;
  const markdown = () => `[${title().replace(/([[\]\\])/g, "\\$1")}](${link().replace(/\(/g, "%28").replace(/\)/g, "%29")})`;

  // Share -----------------------------------------------------------------------------------------------

  function share() {
    return [copied("Link", link(), "share-link"), copied("Markdown", markdown(), "share-markdown"), framing()];
  }

  // The frame itself is the preview; it tells how high it is, and the snippet takes that height.
  function framing() {
    const select = make("select", { id: "share-part", className: "form-select form-select-sm" }, ...PARTS.map(([value, text]) => new Option(text, value)));
    const box = make("div", { className: "framed" });
    const show = () => {
      const frame = make("iframe", { src: link(`embed=${select.value}`), title: "Preview of the frame", height: FRAME_HEIGHT });
      const code = copied("Frame for another page", snippet(select.value, FRAME_HEIGHT), "share-frame");
      heights.set(frame, (height) => {
        frame.height = height;
        code.querySelector("input").value = snippet(select.value, height);
      });
      box.replaceChildren(code, ...mayFrame(), make("div", { className: "preview" }, frame));
    };
    select.addEventListener("change", show);
    const details = make("details", { className: "framing" }, make("summary", {}, "Embed it"));
    details.append(make("div", { className: "control" }, make("label", { htmlFor: "share-part" }, "Show"), select), box);
    details.addEventListener("toggle", () => details.open && show());
    return details;
  }

  function mayFrame() {
    const who = document.getElementById("share").dataset.frames;
    const words = {
      "'self'": "Pages of this very host may show it; for others its operator sets DATAVIEWER_FRAME_ANCESTORS.",
      "'none'": "This viewer may not be shown in frames; its operator allows that by DATAVIEWER_FRAME_ANCESTORS.",
    };
    return who === "*" ? [] : [make("p", { className: "facts" }, words[who] || `Pages of ${who} may show it.`)];
  }

  const heights = new WeakMap();
  window.addEventListener("message", (event) => {
    const height = event.data && event.data.dataviewer && Number(event.data.dataviewer.height);
    const frame = [...document.querySelectorAll(".framed iframe")].find((each) => each.contentWindow === event.source);
    if (frame && heights.has(frame) && height > 0) heights.get(frame)(Math.ceil(height));
  });

  // Download --------------------------------------------------------------------------------------------

  function item(text, words, props) {
    return make("li", {}, make("a", props, text), make("span", { className: "facts" }, words));
  }

  function download() {
    const rows = FILES.map(([ending, text, words]) => item(text, words, { href: api(`rows.${ending}`, everyRow()), download: "" }));
    const pictures = [...document.querySelectorAll("#files a")].map((each) => {
      const copy = each.cloneNode(true);
      return make("li", {}, copy, make("span", { className: "facts" }, FIGURES[copy.textContent] || ""));
    });
    const whole = item("One file to hand out", "chart, rows, columns, documentation and citation; needs no network", { href: api("handout.html", wholeView()) });
    return [
      make("h3", {}, "The rows"),
      make("p", { className: "facts" }, document.getElementById("status").firstChild.textContent.replace(/^Rows \S+ of ([\d,]+)/, "All $1 rows")),
      make("ul", { className: "files" }, ...rows),
      ...(pictures.length ? [make("h3", {}, "The chart"), make("ul", { className: "files" }, ...pictures)] : []),
      make("h3", {}, "All of it"),
      make("ul", { className: "files" }, whole),
      make("p", { className: "facts" }, "Programs get the same by the ", make("a", { href: "api/" }, "API"), "."),
    ];
  }

  const FIGURES = {
    PNG: "a picture",
    SVG: "a picture to enlarge at will",
    HTML: "a page that needs no network",
    Plotly: "JSON, as Plotly reads it",
  };

  // Code ------------------------------------------------------------------------------------------------

  let language = LANGUAGES[0][0];

  function code() {
    const box = make("div", { className: "code", role: "tabpanel", "aria-label": "Code" });
    const tabs = LANGUAGES.map(([name, text]) => make("button", { type: "button", role: "tab", className: "language", value: name }, text));
    async function show(name) {
      language = name;
      tabs.forEach((tab) => {
        tab.setAttribute("aria-selected", String(tab.value === name));
        tab.tabIndex = tab.value === name ? 0 : -1;
      });
      const parts = await askText(api(`code.${name}`, wholeView())).then(
        (text) => copied(`${tabs.find((tab) => tab.value === name).textContent}, ready to paste`, text.trimEnd(), "code-text"),
        (error) => make("p", { className: "problem" }, error.message));
      if (language === name) box.replaceChildren(parts);
    }
    tabs.forEach((tab) => tab.addEventListener("click", () => show(tab.value)));
    const list = make("div", { role: "tablist", className: "languages", "aria-label": "Language" }, ...tabs);
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
      next.focus();
      show(next.value);
    });
    show(language);
    return [list, box];
  }

  // The dialog ------------------------------------------------------------------------------------------

  const DIALOGS = { share: ["Share this view", share], download: ["Download this view", download], code: ["This view as code", code] };
  const said = make("p", { className: "visually-hidden", role: "status" });
  const heading = make("h2", { id: "take-heading", tabIndex: -1, autofocus: true });
  const content = make("div");
  const close = make("button", { type: "button", className: "btn-close", "aria-label": "Close" });
  const dialog = make("dialog", { id: "take", "aria-labelledby": "take-heading" },
    make("div", { className: "take-head" }, heading, close), content, said);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => content.replaceChildren()); // a frame in it would go on
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
    else if (event.target.closest("a")) setTimeout(() => dialog.close());
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("#share, #download, #code");
    if (!button || !dataset()) return;
    const [title, fill] = DIALOGS[button.id];
    if (!dialog.isConnected) document.body.append(dialog);
    heading.textContent = title;
    said.textContent = "";
    content.replaceChildren(...fill());
    dialog.showModal();
  });

  // In a frame ------------------------------------------------------------------------------------------

  function tellHeight(page) {
    const height = Math.ceil(page.getBoundingClientRect().height);
    window.parent.postMessage({ dataviewer: { height } }, "*");
  }

  // Once the page is there: the way out of the frame, and its height to whoever frames it.
  function embed() {
    const page = document.querySelector(".page");
    if (!page || page.dataset.framed) return;
    page.dataset.framed = "true";
    const out = make("a", { target: "_blank", rel: "noopener" }, "Open in dataviewer");
    const lead = () => { out.href = link(); };
    ["pointerdown", "focus"].forEach((name) => out.addEventListener(name, lead));
    lead();
    page.append(make("p", { className: "way-out" }, out));
    new ResizeObserver(() => tellHeight(page)).observe(page);
  }
  if (document.documentElement.dataset.embed) document.addEventListener("dataviewer:shown", embed);
})();

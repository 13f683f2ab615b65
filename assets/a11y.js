// DataTable's and Dropdown's gaps, closed: names, roles, order of sorting, Tab, and exact values on hover and copy.
(function () {
  "use strict";

  const PAGER = { "first-page": "First page", "previous-page": "Previous page", "next-page": "Next page", "last-page": "Last page" };

  function put(element, name, value) {
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  function all(selector, change) {
    document.querySelectorAll(selector).forEach(change);
  }

  function name(header) {
    const label = header.querySelector(".column-header-name");
    return label ? label.textContent.split("\n")[0] : "";
  }

  function describeHeader(header) {
    const sorter = header.querySelector(".column-header--sort");
    if (!sorter) return;
    const sorts = window.dataviewer ? window.dataviewer.sort : [];
    const place = sorts.findIndex((sort) => sort.column_id === header.dataset.dashColumn);
    const direction = place < 0 ? "none" : sorts[place].direction === "desc" ? "descending" : "ascending";
    put(header, "aria-sort", direction);
    put(header, "scope", "col");
    put(header, "title", (window.dataviewer.meanings || [])[Number(header.dataset.dashColumn.slice(1))] || "");
    put(sorter, "role", "button");
    put(sorter, "tabindex", "0");
    put(sorter, "aria-label", `Sort by ${name(header)}`);
    put(sorter, "data-direction", direction);
    put(header.querySelector(".head-filter"), "aria-label", `Filter by ${name(header)}`);
    put(sorter, "data-order", place >= 0 && sorts.length > 1 ? String(place + 1) : "");
  }

  // A way from the head of a column to its conditions, in the list of columns: it belongs to what one first sees.
  function offerFilter(header) {
    if (header.querySelector(".head-filter")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "head-filter";
    button.textContent = "filter";
    header.append(button);
  }

  function describe() {
    all(".previous-next-container button", (button) => {
      Object.keys(PAGER).forEach((key) => button.classList.contains(key) && put(button, "aria-label", PAGER[key]));
    });
    all("input.current-page", (input) => put(input, "aria-label", "Page number"));
    all("#table th.dash-header", describeHeader);
    all("#table .dash-spreadsheet-inner", (box) => {
      put(box, "tabindex", "0");
      put(box, "role", "region");
      put(box, "aria-label", "Rows, scrollable; Enter steps into them");
    });
    all("input.dash-dropdown-focus-target", (input) => put(input, "tabindex", "-1"));
    all("button.dash-dropdown", (button) => {
      put(button, "tabindex", "0");
      const label = document.querySelector(`label[for="${button.id}"]`);
      if (!label) return;
      label.id = label.id || `${button.id}-label`;
      put(button, "aria-labelledby", `${label.id} ${button.id}-value`);
    });
    all(".dash-dropdown-content", (content) => {
      put(content, "aria-label", "Options");
      put(content.querySelector("[role=listbox]"), "aria-label", "Options");
      put(content.querySelector("input[type=search]"), "aria-label", "Search");
    });
  }

  let waiting = false;
  new MutationObserver(() => {
    all("#table th.dash-header:has(.column-header--sort)", offerFilter);
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      describe();
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  // DataTable swallows Tab, so a keyboard would never leave it, and the keys of its own buttons; its sort marks know none.
  window.addEventListener(
    "keydown",
    (event) => {
      if (!event.target.closest || !event.target.closest(".dash-table-container")) return;
      if (event.key === "Tab" || event.target.closest("button")) event.stopPropagation();
      const sorter = event.target.closest(".column-header--sort");
      if (!sorter || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      event.stopPropagation();
      sorter.click();
    },
    true,
  );

  // Enter steps from the table into its rows, arrows go from row to row, Enter opens one, Escape steps out.
  const STEPS = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };

  function stepTo(row) {
    const cell = row && row.querySelector("td[data-dash-row]");
    if (!cell) return;
    cell.tabIndex = -1;
    cell.focus();
  }

  window.addEventListener(
    "keydown",
    (event) => {
      const box = event.target.closest && event.target.closest("#table .dash-spreadsheet-inner");
      const cell = box && event.target.closest("td[data-dash-row]");
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = { Enter: cell ? () => cell.click() : () => stepTo(box.querySelector("tr:has(td[data-dash-row])")) };
      if (cell) {
        Object.entries(STEPS).forEach(([key, sibling]) => { acts[key] = () => stepTo(cell.parentElement[sibling]); });
        acts.Escape = () => box.focus();
      }
      if (!box || (event.target !== box && event.target !== cell) || !acts[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      acts[event.key]();
    },
    true,
  );

  // A dropdown opens with its button, then its chosen option in focus: what one types belongs into its search box all the same.
  window.addEventListener(
    "keydown",
    (event) => {
      // On the body: the option in focus was one that a search has just taken away.
      const within = event.target.closest && event.target.closest('.dash-dropdown-content, .dash-dropdown[aria-expanded="true"]');
      const content = (within || event.target === document.body) && document.querySelector(".dash-dropdown-content");
      const types = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
      const box = content && types && content.querySelector("input[type=search]");
      if (box && box !== event.target) box.focus();
    },
    true,
  );

  // A dropdown takes Enter when it is let go, a tenth of a second after it was pressed; here it counts when pressed, and no more
  // when let go: by then the dropdown's button has the focus, and would open it anew.
  const CHOOSES = ".dash-dropdown-content .dash-dropdown-search, .dash-dropdown-content [role=option] input";
  let pressed = false;

  function choose(event) {
    if (event.key !== "Enter" || !event.isTrusted) return;
    if (event.type === "keyup") {
      if (pressed) event.stopImmediatePropagation();
      pressed = false;
      return;
    }
    if (event.repeat || event.isComposing) return;
    pressed = Boolean(event.target.matches) && event.target.matches(CHOOSES); // anew: of a press that ended elsewhere no end was told
    if (pressed && !window.dataviewer.choose(event.target)) event.target.dispatchEvent(new KeyboardEvent("keyup", { key: "Enter", bubbles: true }));
  }
  ["keydown", "keyup"].forEach((name) => window.addEventListener(name, choose, true));

  // The whole head of a column sorts it, not only the mark; its filter leads to the list of columns.
  document.addEventListener("click", (event) => {
    const header = event.target.closest && event.target.closest("#table th.dash-header");
    if (header && event.target.closest(".head-filter")) {
      const detail = { place: Number(header.dataset.dashColumn.slice(1)) };
      event.stopPropagation();
      document.dispatchEvent(new CustomEvent("dataviewer:filter", { detail }));
      return;
    }
    if (!header || event.target.closest(".column-header--sort") || String(window.getSelection())) return;
    const sorter = header.querySelector(".column-header--sort");
    if (sorter) sorter.click();
  }, true);

  // Cells show some digits; the value itself is what hovering tells and copying takes.
  function exact(cell) {
    const table = window.dash_component_api.getLayout("table");
    const row = table && table.props.data[Number(cell.dataset.dashRow)];
    const value = row ? row[cell.dataset.dashColumn] : undefined;
    return value === null || value === undefined ? "NA" : String(value);
  }

  document.addEventListener("mouseover", (event) => {
    const cell = event.target.closest && event.target.closest("#table td.dash-cell");
    if (cell && !cell.querySelector("a")) cell.title = exact(cell);
  });

  document.addEventListener("copy", (event) => {
    const selection = window.getSelection();
    const rows = [...document.querySelectorAll("#table tr")].filter((row) => selection.containsNode(row, true));
    if (rows.length < 1 || !rows.some((row) => row.querySelector("td"))) return;
    const text = (cell) => (cell.matches("th") ? name(cell) : cell.querySelector("a") ? cell.textContent : exact(cell));
    const lines = rows.map((row) =>
      [...row.querySelectorAll("th.dash-header, td.dash-cell")].filter((cell) => selection.containsNode(cell, true)).map(text),
    );
    event.clipboardData.setData("text/plain", lines.map((line) => line.join("\t")).join("\n"));
    event.preventDefault();
  });
})();

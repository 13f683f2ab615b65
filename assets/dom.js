// What makes elements and asks the API, for the parts of the page that are plain elements.
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  // An element with properties, attributes for names with a dash, and children; text stays text.
  function make(tag, props, ...children) {
    const element = document.createElement(tag);
    Object.entries(props || {}).forEach(([name, value]) => {
      if (name.includes("-")) element.setAttribute(name, value);
      else if (/^on[a-z]/.test(name)) element.addEventListener(name.slice(2), value);
      else element[name] = value;
    });
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  function draw(tag, attributes, ...children) {
    const element = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  }

  // Makes the children of an element those that components of dash.html describe, as JSON, of what is there already where it
  // fits: a link keeps the focus. As components of Dash's own they would each listen to every change on the page.
  function fill(element, children) {
    const parts = [children || []].flat();
    parts.forEach((part, place) => {
      const old = element.childNodes[place];
      const isText = typeof part === "string";
      const fits = old && old.nodeName === (isText ? "#text" : part.type.toUpperCase());
      const node = fits ? old : isText ? document.createTextNode("") : document.createElement(part.type);
      if (!old) element.append(node);
      else if (!fits) old.replaceWith(node);
      if (isText) node.data = part;
      else describe(node, part.props);
    });
    while (element.childNodes.length > parts.length) element.lastChild.remove();
  }

  function describe(element, { children, className, ...rest }) {
    const attributes = className ? { ...rest, class: className } : rest;
    element.getAttributeNames().filter((name) => !(name in attributes)).forEach((name) => element.removeAttribute(name));
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    fill(element, children);
  }

  async function send(path, read) {
    const url = new URL(path, window.location.href.split("?")[0]);
    const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
    if (response && response.ok && !response.redirected) return read(response);
    const body = response && (await response.json().catch(() => null));
    throw new Error((body && body.error) || "The server could not answer. Reload to try again.");
  }

  const ask = (path) => send(path, (response) => response.json());
  const askText = (path) => send(path, (response) => response.text());
  const address = (dataset) => `api/datasets/${dataset.split("/").map(encodeURIComponent).join("/")}`;
  const count = (number) => Number(number).toLocaleString("en");

  window.dataviewer.dom = { make, draw, fill, ask, askText, address, count };
})();

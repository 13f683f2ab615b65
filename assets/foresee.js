// Asks ahead: where the pointer or the focus rests on something that opens a view, the answer is there when it is wished
// for. Only the latest guess is kept, not for long, and used once.
(function () {
  "use strict";

  const REST = 100; // milliseconds that something is pointed at before a guess: passing over it asks for nothing
  const DRAWN = 400; // milliseconds after an answer in which it is drawn, which no guess shall slow down
  const KEPT = 10_000; // milliseconds
  const SLOW = 250; // an answer that takes as long is followed by ten times as long without a guess
  const SHOWS = { "table-view": "table", "chart-view": "chart" }; // the stores that the callbacks read, and what of a view
  const send = window.fetch.bind(window);
  const { asksOf, linkAt, target } = window.dataviewer;
  const last = new Map(); // the last request of each callback, by its first input
  const offers = new WeakMap(); // elements of the panels, and how each would change the view
  let kept = new Map(); // answers under way or here, by the body that asks for them
  let again = 0; // the time from which guesses may be made
  let pointed = null;
  let resting = 0;

  function offer(element, edit) {
    element.setAttribute("data-offers", "");
    offers.set(element, edit);
    return element;
  }

  async function guess(url, options) {
    const start = performance.now();
    const response = await send(url, options).catch(() => null);
    const isAnswer = response && response.ok && !response.redirected;
    const text = isAnswer ? await response.text().catch(() => null) : null;
    const took = performance.now() - start;
    if (took > SLOW) again = performance.now() + 10 * took;
    return text && { text, headers: response.headers };
  }

  // The answer to a request that was guessed, null where it was not. A guess asks as the last request did.
  async function answer(url, options) {
    const input = JSON.parse(options.body).inputs[0];
    last.set(input && input.id, { url, options });
    const found = kept.get(options.body);
    kept.delete(options.body);
    const guessed = found && performance.now() < found.until ? await found.guess : null;
    return guessed && new Response(guessed.text, { headers: guessed.headers });
  }

  function asking(store, value) {
    const { url, options } = last.get(store);
    const body = JSON.parse(options.body);
    body.inputs[0].value = value;
    return [url, { ...options, body: JSON.stringify(body) }];
  }

  function askAhead(view) {
    const asks = asksOf(view);
    const shown = (store) => window.dash_component_api.getLayout(store).props.data;
    const differs = (store) => JSON.stringify(asks[SHOWS[store]]) !== JSON.stringify(shown(store));
    const requests = Object.keys(SHOWS).filter((store) => last.has(store) && differs(store)).map((store) => asking(store, asks[SHOWS[store]]));
    if (requests.every(([, { body }]) => kept.has(body))) return;
    const until = performance.now() + KEPT;
    kept = new Map(requests.map(([url, options]) => [options.body, { until, guess: guess(url, options) }]));
    kept.forEach((one, body) => one.guess.then((guessed) => guessed && window.dataviewer.rehearse(guessed.text, () => kept.has(body))));
  }

  // The view that an element opens, null where it opens none.
  function wish(element) {
    const list = element.closest(".dash-dropdown-content");
    if (list) return chosen(list, element.closest("[role=option]") || list.querySelector("[role=option]"));
    const link = linkAt(element);
    if (link) return new URLSearchParams(target(link));
    const offered = element.closest("[data-offers]");
    if (!offered) return null;
    const view = new URLSearchParams(window.location.search);
    offers.get(offered)(view);
    return view;
  }

  // Enter in the box of the search takes the first option.
  function chosen(list, option) {
    if (!option || !document.querySelector(`#dataset[aria-controls="${list.id}"]`)) return null;
    const { value } = option.querySelector("input");
    return new URLSearchParams(value === "catalog" ? {} : { dataset: value });
  }

  function guessPointed() {
    const isOff = performance.now() < again || (navigator.connection && navigator.connection.saveData);
    const view = pointed && pointed.isConnected && !isOff ? wish(pointed) : null;
    if (view) askAhead(view);
  }

  function lookIn(milliseconds) {
    clearTimeout(resting);
    resting = setTimeout(guessPointed, milliseconds);
  }

  function point(event) {
    if (event.target.closest) pointed = event.target;
    lookIn(REST);
  }

  // What was clicked has done what it does; only a step to a neighbour may be followed by another.
  function clicked(event) {
    clearTimeout(resting);
    if (!event.target.closest || !event.target.closest("a[rel]")) pointed = null;
  }
  document.addEventListener("click", clicked, true);

  // What is pointed at may open another view now: an option of the dropdown at once, all else once the view is drawn.
  function answered() {
    lookIn(pointed && pointed.closest(".dash-dropdown-content") ? REST : DRAWN);
  }
  ["pointerover", "focusin", "input"].forEach((name) => document.addEventListener(name, point, { capture: true, passive: true }));

  window.dataviewer.foresight = { answer, answered, offer };
})();

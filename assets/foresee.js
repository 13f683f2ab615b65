// Asks ahead, and keeps what was answered for a minute: where the pointer or the focus rests on something that opens a view, and
// where a step is taken back, the answer is there when it is wished for.
(function () {
  "use strict";

  const REST = 100; // milliseconds that something is pointed at before a guess: passing over it asks for nothing
  const DRAWN = 400; // milliseconds after an answer in which it is drawn, which no guess shall slow down
  const KEPT = 60_000; // milliseconds in which an answer is shown again without asking
  const MOST = 24; // answers kept: twelve views
  const SLOW = 250; // an answer that takes as long is followed by ten times as long without a guess
  const SHOWS = { "table-view": "table", "chart-view": "chart" }; // the stores that the callbacks read, and what of a view
  const send = window.fetch.bind(window);
  const { asksOf, linkAt, standsFor, target, viewOf } = window.dataviewer;
  const last = new Map(); // the last request of each callback, by its first input
  const offers = new WeakMap(); // elements of the panels, and how each would change the view
  const kept = new Map(); // answers shown, and the latest guess, by the body that asks for them, the latest shown last
  let guessed = []; // the bodies of the latest guess that were not asked for yet
  let wished = null; // the answer with the chart of the latest guess, until something is asked for
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
    const answer = isAnswer ? await told(response) : null;
    const took = performance.now() - start;
    if (took > SLOW) again = performance.now() + 10 * took;
    return answer;
  }

  // What an answer tells, null where the connection breaks.
  async function told(response) {
    const text = await response.text().catch(() => null);
    return text && { text, headers: response.headers };
  }

  // The clock of the day goes on while a computer sleeps.
  function keep(body, answer, until = Date.now() + KEPT) {
    kept.delete(body);
    kept.set(body, { until, answer });
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
  }

  // What is kept of a promise of an answer that is not old, undefined where there is none.
  function keptOf(body) {
    kept.forEach(({ until }, other) => until < Date.now() && kept.delete(other));
    return kept.get(body);
  }

  // An answer as Dash reads it. A response reads its own body a turn later, and the browser shows the table before it draws the
  // chart: as it should where the chart is slow.
  function response({ text, headers, slow }) {
    const whole = new Response(text, { headers });
    return slow ? whole : Object.assign(whole, { json: async () => JSON.parse(text) });
  }

  // The answer to a request where it is kept, else what `ask` answers. A guess asks as the last request did.
  async function answer(url, options, ask) {
    const { id } = JSON.parse(options.body).inputs[0];
    if (!(id in SHOWS)) return ask();
    last.set(id, { url, options });
    guessed = guessed.filter((body) => body !== options.body);
    wished = null;
    const found = keptOf(options.body);
    const here = found && (await found.answer);
    if (here) {
      keep(options.body, found.answer, found.until);
      if (SHOWS[id] === "chart") await window.dataviewer.standIn(here);
      return response(here);
    }
    const asked = await ask();
    if (asked && asked.ok && !asked.redirected) keep(options.body, told(asked.clone()));
    else if (asked) kept.clear(); // who is refused, signed out perhaps, is shown nothing of before
    return asked;
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
    const stores = Object.keys(SHOWS).filter((store) => last.has(store) && differs(store));
    const requests = stores.map((store) => asking(store, asks[SHOWS[store]]));
    const bodies = requests.map(([, { body }]) => body);
    const found = bodies.map(keptOf);
    if (!found.every(Boolean)) {
      guessed.filter((body) => !bodies.includes(body)).forEach((body) => kept.delete(body));
      guessed = bodies.filter((body, place) => !found[place] || guessed.includes(body));
    }
    const answers = requests.map(([url, options], place) => {
      if (found[place]) return found[place].answer;
      const answer = guess(url, options);
      keep(options.body, answer);
      return answer;
    });
    drawAhead(answers[stores.indexOf("chart-view")]);
  }

  function drawAhead(answer) {
    wished = answer;
    if (answer) answer.then((here) => here && window.dataviewer.rehearse(here, () => wished === answer));
  }

  // The view that an element opens, null where it opens none.
  function wish(element) {
    const id = standsFor(element);
    if (id !== null) return viewOf(id);
    const link = linkAt(element);
    if (link) return new URLSearchParams(target(link));
    const offered = element.closest("[data-offers]");
    if (!offered) return null;
    const view = new URLSearchParams(window.location.search);
    offers.get(offered)(view);
    return view;
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

  // A press lasts some 80 ms: who clicks at once is asked for meanwhile. A finger may be about to scroll.
  function pressed({ pointerType, button, target }) {
    if (pointerType !== "mouse" || button !== 0) return;
    pointed = target;
    guessPointed();
  }
  document.addEventListener("pointerdown", pressed, { capture: true, passive: true });

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

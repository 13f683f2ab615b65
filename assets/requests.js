// Callback requests that fail: try again while a worker restarts, renew an expired token, and say what is wrong.
(function () {
  "use strict";

  const PAUSES = [150, 300, 600, 1200, 2400]; // milliseconds before each further try; a worker restarts in about 2 s
  const RESTARTING = [502, 503, 504];
  const send = window.fetch.bind(window);
  const { foresight } = window.dataviewer;
  let open = 0;

  function busy(change) {
    open += change;
    document.documentElement.toggleAttribute("data-busy", open > 0);
  }

  // That is our sign of waiting. Dash has one for each component, of which we show none: every component would listen to every
  // change of Dash's state, and the table be drawn twice more for each answer.
  let useContext = null;
  window.dash_component_api = {
    get useDashContext() { return () => ({ ...useContext(), useLoading: () => false }); },
    set useDashContext(own) { useContext = own; }, // Dash's script comes after ours
  };

  // What the status line said before we did.
  let before = null;

  function say(sentence) {
    before = before || { children: window.dash_component_api.getLayout("status").props.children };
    window.dash_clientside.set_props("status", { children: sentence });
  }

  function unsay() {
    if (before) window.dash_clientside.set_props("status", before);
    before = null;
  }

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  async function attempt(url, options) {
    for (let tries = 0; ; tries += 1) {
      const response = await send(url, options).catch(() => null);
      if (response && !RESTARTING.includes(response.status)) return response;
      if (tries === PAUSES.length) return response;
      if (tries > 1) say("The server does not answer; trying again…");
      await pause(PAUSES[tries]);
    }
  }

  function token() {
    const found = document.cookie.match(/(?:^|; )dataviewer_csrf=([^;]*)/);
    return found && decodeURIComponent(found[1]);
  }

  // The page's own answer carries a fresh token; the second try sends it.
  async function renewed(url, options) {
    const expired = token();
    await send(window.location.pathname, { credentials: "same-origin" }).catch(() => null);
    const headers = Object.entries(options.headers).map(([name, value]) => [name, value === expired ? token() : value]);
    return attempt(url, { ...options, headers });
  }

  async function explain(response) {
    if (!response) return "The server cannot be reached. Your view is kept in the address: reload to try again.";
    if (response.status === 401 || response.status === 403 || response.redirected) {
      return "You are signed out. Reload the page to sign in again.";
    }
    const body = await response.clone().json().catch(() => null);
    return (body && body.error) || `The server could not answer (error ${response.status}). Reload to try again.`;
  }

  async function callback(url, options) {
    busy(1);
    try {
      let response = await foresight.answer(url, options, () => attempt(url, options));
      if (response && response.status === 400 && token()) response = await renewed(url, options);
      const isAnswer = response && response.status < 400 && !response.redirected;
      if (isAnswer) {
        unsay();
        return response;
      }
      say(await explain(response));
      // A login page is no answer: Dash would wait for ever.
      return new Response(null, { status: response && response.status >= 400 ? response.status : 503 });
    } finally {
      busy(-1);
      foresight.answered();
    }
  }

  window.fetch = function (url, options) {
    return String(url).includes("_dash-update-component") ? callback(url, options) : send(url, options);
  };
})();

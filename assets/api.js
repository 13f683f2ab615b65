// The page of the API: “Try” fetches an example and shows the answer as it came.
(function () {
  "use strict";

  const SHOWN = 6000; // characters
  const DEPTH = 2; // deeper than this JSON stays on its line
  const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

  // By tokens, since a number that a script reads is another one beyond 2^53.
  function spread(json) {
    let depth = 0;
    let text = "";
    const line = () => (depth <= DEPTH ? `\n${"  ".repeat(depth)}` : "");
    for (const token of json.match(TOKEN) || []) {
      if (token === "{" || token === "[") {
        depth += 1;
        text += token + line();
      } else if (token === "}" || token === "]") {
        const end = line() && depth <= DEPTH;
        depth -= 1;
        text += (end ? `\n${"  ".repeat(depth)}` : "") + token;
      } else if (token === ",") {
        text += `,${line() || " "}`;
      } else {
        text += token === ":" ? ": " : token;
      }
    }
    return text;
  }

  function cut(text) {
    if (text.length <= SHOWN) return text;
    return `${text.slice(0, SHOWN)}\n… ${(text.length - SHOWN).toLocaleString("en")} characters more`;
  }

  async function show(button) {
    const answer = document.getElementById(`answer-${button.dataset.try}`);
    const [status, body] = answer.children;
    answer.hidden = false;
    status.textContent = "Asking …";
    try {
      const response = await fetch(button.parentElement.querySelector("a").href);
      const type = response.headers.get("Content-Type") || "";
      const text = await response.text();
      body.textContent = cut(/json($|;)/.test(type) && !type.includes("ndjson") ? spread(text) : text);
      status.textContent = `${response.status} · ${type} · ${text.length.toLocaleString("en")} characters`;
    } catch (lost) {
      body.textContent = "";
      status.textContent = "The server did not answer.";
    }
  }

  document.querySelectorAll("[data-try]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => show(button));
  });
})();

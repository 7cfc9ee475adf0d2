// Keeps one part of a page as the server has it now.
// <section data-live data-state-url="/orders/…/state/" data-etag='"…"' data-announce="…" [data-final]> … </section>
// <p class="sr" role="status" data-announcer></p>   (outside the section: tells screen readers what changed)
// The address answers that same section as HTML with an ETag, or 304. Asks every 3 s; when nothing changes or
// the line is bad the pause grows to 10 s. With data-pause-ms="1200" it keeps to that pause while the line holds,
// and asks at once when a broken line is back. Rests while the page is hidden; stops when the section is data-final.
(function () {
  "use strict";
  var PAUSE_MS_MIN = 3000, PAUSE_MS_MAX = 10000, ANSWER_MS_MAX = 15000;
  var part = document.querySelector("[data-live][data-state-url]");
  if (!part || !window.fetch) return;
  var steady = Number(part.dataset.pauseMs) || 0, shortest = steady || PAUSE_MS_MIN;
  var etag = part.dataset.etag || "", pause = shortest, timer = 0, asking = false;

  function plan() {
    clearTimeout(timer);
    if (!document.hidden && !("final" in part.dataset)) timer = setTimeout(ask, pause);
  }

  function swap(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-live]");
    if (!fresh) return;
    var focused = part.contains(document.activeElement) && document.activeElement.id;
    part.replaceWith(fresh);
    part = fresh;
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
    var announcer = document.querySelector("[data-announcer]");
    if (announcer && part.dataset.announce) announcer.textContent = part.dataset.announce;
    part.dispatchEvent(new CustomEvent("market:changed", { bubbles: true }));
  }

  function ask() {
    if (asking) return;
    asking = true;
    var stopper = window.AbortController ? new AbortController() : null;
    var late = setTimeout(function () { if (stopper) stopper.abort(); }, ANSWER_MS_MAX);
    fetch(part.dataset.stateUrl, {
      headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", credentials: "same-origin",
      signal: stopper ? stopper.signal : undefined
    }).then(function (answer) {
      if (answer.status === 304 && steady) { pause = steady; return null; }
      if (answer.status !== 200) { pause = Math.min(pause * 1.25, PAUSE_MS_MAX); return null; }
      pause = shortest;
      etag = answer.headers.get("ETag") || "";
      return answer.text().then(swap);
    }).catch(function () {
      pause = Math.min(pause * 1.5, PAUSE_MS_MAX);
    }).then(function () { clearTimeout(late); asking = false; plan(); });
  }

  function askNow() {
    if (document.hidden || "final" in part.dataset) return;
    clearTimeout(timer);
    pause = shortest;
    ask();
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) clearTimeout(timer);
    else askNow();
  });
  window.addEventListener("online", askNow);
  plan();
})();

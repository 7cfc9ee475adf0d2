// Counts down the time left to pay. The server says how many seconds are left, so a wrong phone clock does no harm.
// <span data-seconds-left="890" data-word="Còn">…</span>
(function () {
  "use strict";
  var place, start, seconds;

  function find() {
    place = document.querySelector("[data-seconds-left]");
    if (!place) return;
    start = Date.now();
    seconds = Number(place.dataset.secondsLeft);
    show();
  }

  function show() {
    if (!place) return;
    var left = Math.max(0, Math.round(seconds - (Date.now() - start) / 1000));
    var hours = Math.floor(left / 3600), minutes = Math.floor(left / 60) % 60, rest = left % 60;
    var clock = (hours ? hours + ":" + String(minutes).padStart(2, "0") : minutes) + ":" + String(rest).padStart(2, "0");
    place.textContent = (place.dataset.word ? place.dataset.word + " " : "") + clock;
  }

  document.addEventListener("market:changed", find);
  setInterval(show, 1000);
  find();
})();

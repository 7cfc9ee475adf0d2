// Print buttons: hidden in the page, shown only where a tap can print.
// <button type="button" class="button" hidden data-print>…</button>
(function () {
  "use strict";
  if (!window.print) return;
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();

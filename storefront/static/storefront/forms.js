// A second tap on a button does not send a form twice; the server would see through it, this spares the wait.
(function () {
  "use strict";
  var AGAIN_AFTER_MS = 8000;
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    var buttons = form.querySelectorAll("button");
    buttons.forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    function ready() {
      delete form.dataset.sent;
      buttons.forEach(function (button) { button.removeAttribute("aria-disabled"); });
    }
    setTimeout(ready, AGAIN_AFTER_MS);
    window.addEventListener("pageshow", ready, { once: true });
  });
})();

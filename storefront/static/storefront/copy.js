// Copy buttons: they are hidden in the page and appear only where copying works.
// <button type="button" class="button quiet slim" hidden data-copy="OCZ…" data-done="Đã chép">icon <span>Chép</span></button>
(function () {
  "use strict";
  if (!navigator.clipboard) return;

  function show(root) {
    root.querySelectorAll("[data-copy][hidden]").forEach(function (button) { button.hidden = false; });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) return;
    var words = button.querySelector("span") || button;
    var before = button.dataset.before || (button.dataset.before = words.textContent);
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      words.textContent = button.dataset.done;
      setTimeout(function () { words.textContent = before; }, 2000);
    });
  });
  document.addEventListener("market:changed", function (event) { show(event.target); });
  show(document);
})();

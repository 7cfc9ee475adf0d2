// Names under the search field while somebody types, as links. Without this script the field searches all the same.
(function () {
  "use strict";
  var PAUSE_MS = 200, CHARACTERS_MIN = 2;
  var field = document.getElementById("header-search");
  if (!field || !window.fetch) return;
  var box = document.createElement("div"), timer = 0, asked = "";
  box.className = "suggestions";
  box.setAttribute("aria-live", "polite");
  field.form.appendChild(box);

  function show(html) { box.innerHTML = html; }

  function ask(text) {
    asked = text;
    fetch("/search/suggestions/?q=" + encodeURIComponent(text), { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) { if (text === asked) show(html); }).catch(function () {});
  }

  field.addEventListener("input", function () {
    var text = field.value.trim();
    clearTimeout(timer);
    if (text.length < CHARACTERS_MIN) { asked = ""; show(""); }
    else timer = setTimeout(function () { ask(text); }, PAUSE_MS);
  });
  field.form.addEventListener("keydown", function (event) {
    var links = [].slice.call(box.querySelectorAll("a")), at = links.indexOf(document.activeElement);
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && links.length) { asked = ""; show(""); field.focus(); }
    else if (step && links.length) {
      event.preventDefault();
      (links[at + step] || (step < 0 ? field : links[at])).focus();
    }
  });
  document.addEventListener("focusin", function (event) { if (!field.form.contains(event.target)) show(""); });
})();

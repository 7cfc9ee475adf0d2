// Brings the communes of the chosen province without loading the page anew, and folds the address away when the
// goods are fetched. Without this script a button asks for the communes and the address simply stays.
(function () {
  "use strict";
  var address = document.getElementById("address");
  if (!address || !window.fetch) return;
  var province = document.getElementById("id_province"), commune = document.getElementById("id_commune");
  var button = address.querySelector("[data-communes-button]");

  function fold() {
    var chosen = document.querySelector("input[name=delivery]:checked");
    address.hidden = !!chosen && chosen.value !== "home";
  }

  province.addEventListener("change", function () {
    if (!province.value) return;
    commune.disabled = true;
    fetch("/places/" + province.value + "/communes/").then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (options) {
      commune.innerHTML = options;
      commune.disabled = false;
      button.hidden = true;
    }).catch(function () {
      commune.disabled = false;
      button.hidden = false;
    });
  });
  document.addEventListener("change", function (event) { if (event.target.name === "delivery") fold(); });
  button.hidden = true;
  fold();
})();

// Reads the code in a photo where the browser can, into the field that data-scan names. The photo stays here.
(function () {
  "use strict";
  var box = document.querySelector("[data-scan]");
  if (!box || !window.BarcodeDetector) return;
  var said = box.querySelector("[role=status]");
  box.hidden = false;
  box.querySelector("input").addEventListener("change", function (event) {
    createImageBitmap(event.target.files[0]).then(function (photo) {
      return new BarcodeDetector({ formats: ["qr_code"] }).detect(photo);
    }).then(function (codes) {
      document.getElementById(box.dataset.scan).value = codes[0].rawValue;
      said.textContent = box.dataset.found;
    }).catch(function () { said.textContent = box.dataset.missed; });
  });
})();

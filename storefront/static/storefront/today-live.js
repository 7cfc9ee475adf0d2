// Says aloud what money has come: a short sound, then the words of each new receipt. Works with live.js.
// <button type="button" hidden data-sound-switch data-on="Tắt tiếng" data-hello="Đã bật tiếng">icon <span>Bật tiếng</span></button>
// With data-sound-on it begins turned on (where the tap that led here allows it), and data-off is what turns it on again.
// <li data-receipt="17" data-say="Đã nhận 60.000 đồng">…</li> inside the [data-live] part.
(function () {
  "use strict";
  var SPOKEN_AT_ONCE_MAX = 3;
  var button = document.querySelector("[data-sound-switch]");
  var Sound = window.AudioContext || window.webkitAudioContext;
  if (!button || !Sound) return;
  var words = button.querySelector("span") || button, offText = button.dataset.off || words.textContent;
  var context = null, on = "soundOn" in button.dataset, known = {};

  function receipts() { return Array.prototype.slice.call(document.querySelectorAll("[data-receipt]")); }

  function tone(hertz, after) {
    var voice = context.createOscillator(), volume = context.createGain(), from = context.currentTime + after;
    voice.frequency.value = hertz;
    volume.gain.setValueAtTime(0.4, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.35);
    voice.connect(volume).connect(context.destination);
    voice.start(from);
    voice.stop(from + 0.4);
  }

  function say(sentence) {
    if (!window.speechSynthesis) return;
    var speech = new SpeechSynthesisUtterance(sentence);
    speech.lang = "vi-VN";
    speechSynthesis.speak(speech);
  }

  function ring() {
    context = context || new Sound();
    context.resume();
    tone(784, 0);
    tone(1175, 0.16);
  }

  button.hidden = false;
  button.addEventListener("click", function () {
    on = !on;
    words.textContent = on ? button.dataset.on : offText;
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(on));
    if (on) { ring(); say(button.dataset.hello); } else if (window.speechSynthesis) speechSynthesis.cancel();
  });
  document.addEventListener("market:changed", function () {
    var fresh = receipts().filter(function (item) { return !known[item.dataset.receipt]; });
    fresh.forEach(function (item) { known[item.dataset.receipt] = true; });
    if (!on || !fresh.length) return;
    ring();
    fresh.slice(0, SPOKEN_AT_ONCE_MAX).reverse().forEach(function (item) { say(item.dataset.say); });
  });
  receipts().forEach(function (item) { known[item.dataset.receipt] = true; });
})();

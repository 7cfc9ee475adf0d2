// The stall's counter: a keypad for the amount, tiles that add one at a tap, and what it comes to, also in words.
// <form data-stall> with <input name="amount">, [data-keys] of [data-key], [data-good][data-price][data-left] with a
// field and [data-step] buttons, [data-modes] of [data-mode], [data-words] and [data-total]. The words are read as
// marketplace/core/money.py reads them; a test holds the two against each other.
(function () {
  "use strict";
  var AMOUNT_DIGITS_MAX = 12, QUANTITY_MAX = 1000, MODE = "stall.mode";
  var PLAIN = /^\d+$/, GROUPED = /^\d{1,3}(\.\d{3})+$/;
  var form = document.querySelector("[data-stall]");
  if (!form) return;
  var amount = form.querySelector("[name=amount]"), words = form.querySelector("[data-words]");
  var total = form.querySelector("[data-total]"), modes = form.querySelector("[data-modes]");
  var DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split(" ");
  var GROUPS = [[1e9, "tỷ"], [1e6, "triệu"], [1e3, "nghìn"]];
  // As it was last grouped here: the points of "1.5tr" are the seller's own.
  var ours = GROUPED.test(amount.value) ? amount.value : "";

  function belowHundred(number) {
    var tens = Math.floor(number / 10), unit = number % 10;
    if (!tens) return [DIGITS[unit]];
    var said = tens === 1 ? ["mười"] : [DIGITS[tens], "mươi"];
    if (unit === 5) said.push("lăm");
    else if (unit === 1 && tens > 1) said.push("mốt");
    else if (unit === 4 && tens > 1) said.push("tư");
    else if (unit) said.push(DIGITS[unit]);
    return said;
  }

  function read(number, follows) {
    for (var place = 0; place < GROUPS.length; place += 1) {
      var size = GROUPS[place][0];
      if (number >= size) {
        var said = read(Math.floor(number / size), follows).concat(GROUPS[place][1]), left = number % size;
        return left ? said.concat(read(left, true)) : said;
      }
    }
    var hundreds = Math.floor(number / 100), rest = number % 100;
    if (!hundreds && !follows) return belowHundred(rest);
    var start = [DIGITS[hundreds], "trăm"];
    if (rest && rest < 10) start.push("linh");
    return rest ? start.concat(belowHundred(rest)) : start;
  }

  function grouped(number) { return String(number).replace(/\B(?=(\d{3})+$)/g, "."); }

  function typed() {
    var text = amount.value.trim();
    if (!text) return 0;
    return PLAIN.test(text) || GROUPED.test(text) ? Number(text.replace(/\./g, "")) : NaN;
  }

  function count(good) { return Number(good.querySelector("input").value.trim() || 0); }

  function goods() { return Array.prototype.slice.call(form.querySelectorAll("[data-good]")); }

  function show() {
    var sum = typed();
    goods().forEach(function (good) {
      var many = count(good);
      good.classList.toggle("chosen", many > 0);
      sum += many * Number(good.dataset.price);
    });
    // "125k" and the like are read by the server.
    var known = sum > 0 && sum < Math.pow(10, AMOUNT_DIGITS_MAX);
    words.hidden = false;
    var said = known ? read(sum, false).join(" ") + " đồng" : "";
    words.textContent = said.charAt(0).toUpperCase() + said.slice(1);
    total.hidden = !known;
    total.textContent = known ? grouped(sum) + "\u00a0₫" : "";
  }

  // Digits put into or taken out of what was grouped here are grouped anew; a point that was typed stays.
  function regroup() {
    var text = amount.value.trim(), digits = text.replace(/\./g, ""), was = PLAIN.test(text) ? text : ours;
    while (text && text[0] === was[0]) { text = text.slice(1); was = was.slice(1); }
    while (text && text.slice(-1) === was.slice(-1)) { text = text.slice(0, -1); was = was.slice(0, -1); }
    ours = "";
    if (PLAIN.test(digits) && digits.length <= AMOUNT_DIGITS_MAX && text.indexOf(".") < 0) {
      amount.value = ours = grouped(Number(digits));
    }
  }

  function press(key) {
    var digits = isNaN(typed()) ? "" : amount.value.replace(/\D/g, "");
    digits = key === "back" ? digits.slice(0, -1) : digits + key;
    if (digits.length <= AMOUNT_DIGITS_MAX) ours = amount.value = Number(digits) ? grouped(Number(digits)) : "";
    show();
  }

  function step(good, by) {
    var most = Math.min(QUANTITY_MAX, Number(good.dataset.left)), many = (count(good) || 0) + by;
    good.querySelector("input").value = Math.max(0, Math.min(most, many)) || "";
    show();
  }

  function turnTo(mode) {
    form.dataset.mode = mode;
    modes.querySelectorAll("[data-mode]").forEach(function (chip) {
      chip.setAttribute("aria-pressed", String(chip.dataset.mode === mode));
    });
    try { localStorage.setItem(MODE, mode); } catch (error) { /* kept for this page only */ }
  }

  function remembered() {
    try { return localStorage.getItem(MODE) === "goods" ? "goods" : "typed"; } catch (error) { return "typed"; }
  }

  form.addEventListener("click", function (event) {
    var key = event.target.closest("[data-key]"), stepper = event.target.closest("[data-step]");
    var chip = event.target.closest("[data-mode]"), label = event.target.closest("[data-good] label");
    if (key) press(key.dataset.key);
    else if (stepper) step(stepper.closest("[data-good]"), Number(stepper.dataset.step));
    else if (label) { event.preventDefault(); step(label.closest("[data-good]"), 1); }
    else if (chip && chip !== form) turnTo(chip.dataset.mode);
  });
  form.addEventListener("input", function (event) {
    if (event.target === amount) regroup();
    show();
  });
  form.querySelectorAll("[data-keys], [data-step], [data-modes]").forEach(function (part) { part.hidden = false; });
  // The keypad on the page stands in for the phone's own, which would cover it.
  amount.setAttribute("inputmode", "none");
  if (modes) turnTo(remembered());
  show();
})();

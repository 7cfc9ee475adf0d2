"use strict";
/* What django-unfold's pages lack for people who use a keyboard or a screen reader: landmarks, names, targets. */
(() => {
  const words = document.querySelector("meta[name=market-words]").dataset;

  const each = (selector, change) => document.querySelectorAll(selector).forEach(change);
  const name = (element, text) => {
    if (text && !element.hasAttribute("aria-label")) element.setAttribute("aria-label", text);
  };
  const textAround = (field) => {
    const label = document.querySelector(`label[for="${field.id}"]`);
    return label && label.textContent.replace(/[*:]/g, "").trim();
  };

  /* A thing that is clicked and is no button to anybody but a mouse. */
  const makeButton = (element, text) => {
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "0");
    name(element, text);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      element.click();
    });
  };

  /* The lists to choose from are drawn by select2, at some time after the page. */
  const nameChoices = () => {
    each(".select2-selection", (box) => {
      const field = box.closest(".select2-container").previousElementSibling;
      const text = field && field.id && textAround(field);
      if (!text) return;
      box.setAttribute("aria-label", text);
      box.querySelectorAll("[role=textbox]").forEach((inner) => inner.setAttribute("aria-label", text));
    });
  };

  const mend = () => {
    const main = document.getElementById("main");
    if (main) main.setAttribute("role", "main");
    each("span.material-symbols-outlined", (icon) => {
      const state = { check_small: words.yes, close_small: words.no }[icon.textContent.trim()];
      if (state) {
        icon.setAttribute("role", "img");
        name(icon, state);
      } else if (icon.matches("[x-on\\:click]")) {
        makeButton(icon, words.menu);
      } else {
        icon.setAttribute("aria-hidden", "true");
      }
    });
    each("a[x-on\\:click]:not([href])", (link) => makeButton(link, link.textContent.trim()));
    each("#searchbar-submit, #command-submit", (button) => name(button, words.search));
    each("#searchbar, #search-input-command, #nav-filter", (field) => name(field, field.placeholder || words.search));
    each("a[title]", (link) => name(link, link.title));
    each("#nav-sidebar a[href='/admin/']", (link) => name(link, words.home));
    each("[data-simplebar]", (box, number) => {
      const title = `${words.table} ${number + 1}`;
      box.querySelectorAll(".simplebar-content-wrapper").forEach((inner) => inner.setAttribute("aria-label", title));
    });
  };

  /* After unfold's own scripts, which draw some of it, have run. */
  window.addEventListener("load", () => {
    mend();
    nameChoices();
    new MutationObserver(nameChoices).observe(document.body, { childList: true, subtree: true });
    document.documentElement.dataset.mended = "yes";
  });
})();

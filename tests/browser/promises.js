// What look.md promises of every page and a browser can measure. Each function answers what breaks the promise, in words.
(() => {
  const TARGET_PX_MIN = 48;
  const LINK_WIDTH_PX_MIN = 24;
  const TEXT_PX_MIN = 14;
  const OUTLINE_PX_MIN = 2;
  const HALF = 0.5; // browsers round; half a pixel is nobody's finger
  const MONEY = /[\d.]*\d[\s\u00a0]?₫/g;
  const INLINE = /^(inline|contents)$/;

  const words = (element) =>
    `<${element.localName}> ${(element.innerText || element.value || element.name || element.alt || "").trim().slice(0, 40)}`;

  const shown = (element) =>
    element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) &&
    !element.closest(".sr, .skip, [hidden]") &&
    element.getClientRects().length > 0;

  function box(element) {
    const around = [element, ...element.querySelectorAll("*")].map((one) => one.getBoundingClientRect());
    const covers = getComputedStyle(element, "::after").position === "absolute";
    const rects = covers ? [element.offsetParent.getBoundingClientRect()] : around.filter((rect) => rect.width);
    const edge = (pick, side) => pick(...rects.map((rect) => rect[side]));
    return {
      width: edge(Math.max, "right") - edge(Math.min, "left"),
      height: edge(Math.max, "bottom") - edge(Math.min, "top"),
    };
  }

  // A link within a sentence is read with it; one that stands alone is tapped.
  function inSentence(link) {
    let block = link.parentElement;
    while (INLINE.test(getComputedStyle(block).display)) block = block.parentElement;
    const links = [...block.querySelectorAll("a")].map((one) => one.innerText).join("");
    return block.innerText.replace(/\s/g, "").length > links.replace(/\s/g, "").length + 3;
  }

  function tapped(element) {
    if (element.type !== "checkbox" && element.type !== "radio") return element;
    return element.closest("label") || document.querySelector(`label[for="${element.id}"]`) || element;
  }

  const promises = {
    targets() {
      const found = [];
      const all = document.querySelectorAll("button, input:not([type=hidden]), select, textarea, summary, a[href]");
      for (const element of all) {
        if (!shown(element) || (element.localName === "a" && inSentence(element))) continue;
        const { width, height } = box(tapped(element));
        const least = element.localName === "a" ? LINK_WIDTH_PX_MIN : TARGET_PX_MIN;
        if (height < TARGET_PX_MIN - HALF || width < least - HALF)
          found.push(`${words(element)}: ${Math.round(width)} x ${Math.round(height)}`);
      }
      return found;
    },

    smallText() {
      const found = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || /^(script|style|option)$/.test(element.localName) || !shown(element)) continue;
        const scale = element.ownerSVGElement ? element.getScreenCTM().a : 1;
        const px = parseFloat(getComputedStyle(element).fontSize) * scale;
        if (px < TEXT_PX_MIN - 0.05) found.push(`${words(element)}: ${px.toFixed(1)}`);
      }
      return found;
    },

    brokenMoney() {
      const found = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode;
        for (const match of text.data.matchAll(MONEY)) {
          const range = document.createRange();
          range.setStart(text, match.index);
          range.setEnd(text, match.index + match[0].length);
          const tops = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
          if (tops.size > 1) found.push(`${match[0]} in ${words(text.parentElement)}`);
        }
      }
      return found;
    },

    sideways() {
      const wide = document.scrollingElement.scrollWidth;
      if (wide <= innerWidth) return [];
      const out = [...document.body.querySelectorAll("*")].filter(
        (element) => element.getBoundingClientRect().right > innerWidth + HALF && !element.closest(".table, .menu"),
      );
      return [`${wide} px in ${innerWidth}: ${out.slice(-3).map(words).join("; ")}`];
    },

    sizelessPictures() {
      return [...document.images]
        .filter((image) => !image.getAttribute("width") || !image.getAttribute("height"))
        .map((image) => image.outerHTML.slice(0, 90));
    },

    // The keyboard was used before, so that the browser shows where the focus is.
    hiddenFocus() {
      const found = [];
      const all = document.querySelectorAll("button:enabled, input:enabled:not([type=hidden]), select, textarea, summary, a[href]");
      for (const element of all) {
        if (!element.checkVisibility()) continue;
        element.focus({ preventScroll: true });
        const style = getComputedStyle(element);
        const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= OUTLINE_PX_MIN;
        if (document.activeElement !== element || !seen) found.push(words(element));
      }
      return found;
    },

    loads() {
      const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
      return entries.map((entry) => [new URL(entry.name).pathname, entry.initiatorType, entry.encodedBodySize]);
    },
  };
  window.promises = promises;
})();

// Correcting: what is selected in the article fills the form; reviewing by keys. All of it also works without.
"use strict";
(() => {
  const text = document.querySelector("[data-text]");
  const form = document.querySelector("[data-correct]");
  document.querySelectorAll(".scripted").forEach((e) => { e.hidden = false; });

  // Places are counted in code points, as the record counts them; a script counts UTF-16 units.
  const points = (s) => [...s].length;
  const pieces = () => [...text.querySelectorAll("[data-at]")];

  // The place of a boundary of the selection within a piece.
  function placeIn(piece, node, offset) {
    const range = document.createRange();
    range.selectNodeContents(piece);
    range.setEnd(node, offset);
    return Number(piece.dataset.at) + points(range.toString());
  }
  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const inside = pieces().filter((p) => range.intersectsNode(p));
    if (!inside.length) return null;
    const first = inside[0];
    const last = inside[inside.length - 1];
    const end = Number(last.dataset.at) + points(last.textContent);
    let from = first.contains(range.startContainer) ? placeIn(first, range.startContainer, range.startOffset) : Number(first.dataset.at);
    let to = last.contains(range.endContainer) ? placeIn(last, range.endContainer, range.endOffset) : end;
    const words = [...wordsOf(from, to)];
    const blank = (c) => /\s/u.test(c);
    while (words.length && blank(words[0])) { words.shift(); from += 1; }
    while (words.length && blank(words[words.length - 1])) { words.pop(); to -= 1; }
    return words.length ? { from, to, words: words.join("") } : null;
  }
  // The words between two places; between paragraphs stands an end of line, which no piece has.
  function wordsOf(from, to) {
    let out = "";
    let at = null;
    for (const piece of pieces()) {
      const start = Number(piece.dataset.at);
      const all = [...piece.textContent];
      if (start + all.length <= from || start >= to) continue;
      if (at !== null && start > at) out += "\n".repeat(start - at);
      out += all.slice(Math.max(from - start, 0), to - start).join("");
      at = start + all.length;
    }
    return out;
  }

  if (text && form) {
    const places = form.elements.places;
    const words = form.elements.words;
    const buttons = [...document.querySelectorAll("[data-take]")];
    let last = null;
    document.addEventListener("selectionchange", () => {
      const found = selected();
      if (found) last = found; // pressing a button may end the selection
      buttons.forEach((b) => { b.disabled = !last; });
    });
    document.addEventListener("click", (event) => {
      const take = event.target.closest("[data-take]");
      const name = event.target.closest("[data-name]");
      if (take && last) {
        let parts = [[last.from, last.to]];
        if (take.dataset.take === "more") {
          const old = places.value.split(/[,،]\s*/).map((p) => p.split("-").map(Number));
          parts = [...old.filter((p) => p.length === 2 && p[1] > p[0]), ...parts].sort((a, b) => a[0] - b[0]);
        }
        places.value = parts.map((p) => p.join("-")).join(", ");
        words.value = parts.map((p) => wordsOf(p[0], p[1])).join(" […] ");
        words.focus();
      }
      if (name) { form.elements.speaker_name.value = name.dataset.name; pick("name"); }
    });
    const pick = (value) => { const radio = form.querySelector(`input[name=speaker][value="${value}"]`); if (radio) radio.checked = true; };
    form.elements.speaker_name.addEventListener("input", () => pick("name"));
    // words that are typed go before places that were not
    words.addEventListener("input", () => { places.value = places.dataset.now; });
  }

  // Reviewing: y, n, s, e, on any keyboard layout; they can be turned off.
  const keys = document.querySelector("[data-keys]");
  const on = document.querySelector("[data-keys-on]");
  if (keys && on) {
    const kept = "qawl_review_keys";
    try { on.checked = localStorage.getItem(kept) !== "off"; } catch { /* not allowed to keep it */ }
    on.addEventListener("change", () => { try { localStorage.setItem(kept, on.checked ? "on" : "off"); } catch { /* the same */ } });
    let pressed = false;
    document.addEventListener("keydown", (event) => {
      if (!on.checked || pressed || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
      const latin = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace(/^Key/, "").toLowerCase();
      const wanted = keys.querySelector(`[data-key="${CSS.escape(latin)}"]`);
      if (wanted) { event.preventDefault(); pressed = true; wanted.click(); }
    });
    addEventListener("pageshow", () => { pressed = false; });
  }
})();

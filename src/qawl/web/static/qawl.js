// What pages do more conveniently with a script; all of it also works without one.
"use strict";

// Statements of an article: j/k and the arrows go from one to the next, Enter opens it, Escape closes it.
const reading = () => document.querySelector(".reading");
const notes = () => [...document.querySelectorAll(".note")];
let current = 0;

function parts(n) {
  return [...document.querySelectorAll("[data-n]")].filter((e) => e.dataset.n.split(" ").includes(String(n)));
}
function choose(n, focus) {
  const note = document.getElementById("n" + n);
  if (!note) return;
  document.querySelectorAll(".on[data-n]").forEach((e) => e.classList.remove("on"));
  parts(n).forEach((e) => e.classList.add("on"));
  current = n;
  if (focus) {
    note.querySelector("summary").focus({ preventScroll: true });
    const place = document.getElementById("s" + n) || note;
    place.scrollIntoView({ block: "center" });
  }
}
document.addEventListener("keydown", (event) => {
  if (!reading() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const last = notes().length;
  const arrows = event.target.closest(".note, .anchor") !== null;
  if (event.key === "j" || (arrows && event.key === "ArrowDown")) {
    if (current < last) { choose(current + 1, true); event.preventDefault(); }
  } else if (event.key === "k" || (arrows && event.key === "ArrowUp")) {
    if (current > 1) { choose(current - 1, true); event.preventDefault(); }
  } else if (event.key === "Escape" && current) {
    const note = document.getElementById("n" + current);
    if (note) note.open = false;
  } else if (event.key === "Enter" && event.target.matches(".anchor")) {
    event.preventDefault();
    open(Number(event.target.id.slice(1)));
  }
});
function open(n) {
  const note = document.getElementById("n" + n);
  if (!note) return;
  note.open = true;
  choose(n, true);
}
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const part = event.target.closest && event.target.closest(".reading [data-n], .reading .anchor");
    if (!part) return;
    const n = part.matches(".anchor") ? part.id.slice(1) : part.dataset.n.split(" ").pop();
    choose(Number(n), false);
  });
}
document.addEventListener("click", (event) => {
  const anchor = event.target.closest(".anchor");
  if (anchor) { event.preventDefault(); history.replaceState(null, "", "#" + anchor.id); open(Number(anchor.id.slice(1))); return; }
  const said = event.target.closest(".reading .said");
  if (said && !event.target.closest("a") && getSelection().isCollapsed) open(Number(said.dataset.n.split(" ").pop()));
  // where an opened note lies over others, a click beside it closes it
  else if (!event.target.closest(".note") && getSelection().isCollapsed && matchMedia("(min-width: 56.01rem)").matches) document.querySelectorAll(".note[open]").forEach((note) => { note.open = false; });
});
function fromAddress() {
  const found = /^#s(\d+)$/.exec(location.hash);
  if (found && reading()) open(Number(found[1]));
}
addEventListener("hashchange", fromAddress);
fromAddress();

// Try it: a file dropped on the form is read at once.
document.querySelectorAll("[data-drop]").forEach((form) => {
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("over", kind === "dragover");
      const file = form.querySelector("input[type=file]");
      if (kind === "drop" && event.dataTransfer.files.length) { file.files = event.dataTransfer.files; form.requestSubmit(); }
    });
  }
});
// Answers that say what is wrong are shown, too.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 413, 422, 429].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
});

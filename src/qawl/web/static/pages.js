// Buttons that copy a citation; without a script its words are selected and copied by hand.
"use strict";
document.querySelectorAll("[data-copy]").forEach((button) => {
  const text = document.getElementById(button.dataset.copy);
  text.addEventListener("focus", () => text.select());
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = [...button.childNodes];
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.replaceChildren(...label); }, 2000);
  });
});

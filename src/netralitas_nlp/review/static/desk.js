"use strict";
// The keyboard of the desk. Without this script every page still works, one load per verdict.
(() => {
  const GUARD = 200; // ms after a swap in which keys are ignored: nobody has read the new post yet
  const ACTS = { Enter: "save", 0: "none", r: "unsure", l: "skip", s: "skip", u: "undo", "?": "help" };
  const CYCLE = ["yes", "unsure", "no"];
  const bench = () => document.getElementById("bench");
  const help = document.getElementById("help");
  const lost = document.getElementById("lost");
  let busy = false;
  let shownAt = performance.now();

  if (!bench()) return;

  const keysOn = document.getElementById("keys-on");
  const remembered = (() => {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return true;
    }
  })();
  keysOn.checked = remembered;
  keysOn.addEventListener("change", () => {
    try {
      localStorage.setItem("keys", keysOn.checked ? "on" : "off");
    } catch {
      // Storage may be shut off; the switch then holds until the page is left.
    }
  });

  const writes = (element) =>
    element.matches("textarea, select, [contenteditable]") ||
    (element.matches("input") && !["radio", "checkbox", "button", "submit"].includes(element.type));

  function press(act) {
    if (act === "help") {
      if (!help.open) help.showModal();
      return;
    }
    const button = bench().querySelector(`[data-act="${act}"]`);
    if (button) button.click();
  }

  function turn(number) {
    const choice = bench().querySelectorAll("#answer .choice")[number - 1];
    if (!choice) return;
    const radios = CYCLE.map((answer) => choice.querySelector(`input[value="${answer}"]`));
    const now = radios.findIndex((radio) => radio.checked);
    radios[(now + 1) % radios.length].checked = true;
    say(choice.querySelector("legend").innerText.replace(/^\d\s*/, "") + ": " +
      choice.querySelector("input:checked + label").innerText);
  }

  // Checked by a key and not by focus, a choice has to be spoken to those who cannot see it.
  function say(words) {
    document.getElementById("spoken").textContent = words;
  }

  function note() {
    const box = document.getElementById("note-box");
    if (!box) return;
    box.open = true;
    document.getElementById("note").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.isComposing || event.repeat || help.open) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (writes(target)) {
      if (event.key === "Escape") target.blur();
      if (event.key === "Enter" && event.ctrlKey && target.id === "note") {
        event.preventDefault();
        if (ready()) press("save");
      }
      return;
    }
    if (event.ctrlKey || !keysOn.checked) return;
    // Enter on a link or a button presses that, as everywhere.
    if (event.key === "Enter" && target.closest("a, button, summary")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const known = key in ACTS || ["1", "2", "3", "c", "n"].includes(key);
    if (!known) return;
    event.preventDefault();
    if (key === "?") press("help");
    else if (!ready()) return;
    else if (["1", "2", "3"].includes(key)) turn(Number(key));
    else if (key === "c" || key === "n") note();
    else press(ACTS[key]);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-act="help"]')) press("help");
    if (event.target === help) help.close();
  });

  const ready = () => !busy && performance.now() - shownAt > GUARD;
  const ofBench = (event) => event.detail.target && event.detail.target.id === "bench";

  document.addEventListener("submit", (event) => {
    const seconds = event.target.querySelector('input[name="seconds"]');
    if (seconds) seconds.value = ((performance.now() - shownAt) / 1000).toFixed(1);
  }, true);

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (!ofBench(event)) return;
    busy = true;
    bench().setAttribute("aria-busy", "true");
    document.getElementById("trouble").replaceChildren();
  });
  document.body.addEventListener("htmx:afterRequest", () => {
    busy = false;
    const element = bench();
    if (element) element.removeAttribute("aria-busy");
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.elt || event.detail.elt.id !== "bench") return;
    shownAt = performance.now();
    lost.hidden = true;
    const title = document.getElementById("case-title");
    if (title) title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });
  for (const trouble of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(trouble, (event) => {
      busy = false;
      if (ofBench(event)) lost.hidden = false;
    });
  }
})();

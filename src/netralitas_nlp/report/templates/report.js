"use strict";
// Filters of the list. Without this script the whole list is simply there.
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const field = (name) => document.getElementById("f-" + name);
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const posts = Array.from(document.querySelectorAll("#list > .post"), (element) => ({
    element,
    labels: element.dataset.labels.split(" "),
    decision: element.dataset.decision,
    kind: element.dataset.kind,
    first: element.dataset.first,
    last: element.dataset.last,
    text: fold(Array.from(element.querySelectorAll("blockquote, .account"), (e) => e.textContent).join("\n")),
  }));
  const shown = field("shown");
  const count = new Intl.NumberFormat(shown.dataset.lang);

  function matches(post, wanted) {
    return (
      wanted.terms.every((term) => post.text.includes(term)) &&
      (!wanted.label || post.labels.includes(wanted.label)) &&
      (!wanted.decision || post.decision === wanted.decision) &&
      (!wanted.kind || post.kind === wanted.kind) &&
      // Copies of a text cover a span of days: any overlap counts.
      (!wanted.from || (post.last && post.last >= wanted.from)) &&
      (!wanted.to || (post.first && post.first <= wanted.to))
    );
  }

  function apply() {
    const wanted = {
      terms: fold(field("text").value).split(/\s+/).filter(Boolean),
      label: field("label").value,
      decision: field("decision").value,
      kind: field("kind").value,
      from: field("from").value,
      to: field("to").value,
    };
    let visible = 0;
    for (const post of posts) {
      const match = matches(post, wanted);
      post.element.hidden = !match;
      visible += match ? 1 : 0;
    }
    shown.textContent = shown.dataset.words
      .replace("{shown}", count.format(visible))
      .replace("{total}", count.format(posts.length));
    document.getElementById("f-nothing").hidden = visible > 0;
    field("undated").hidden = !(wanted.from || wanted.to);
  }

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  field("reset").addEventListener("click", () => {
    form.reset();
    apply();
    field("text").focus();
  });
  form.hidden = false;
  apply();

  // On paper nothing can be unfolded, so lists of copies are printed open.
  const folded = document.querySelectorAll("details.copies");
  window.addEventListener("beforeprint", () => folded.forEach((d) => d.setAttribute("open", "")));
  window.addEventListener("afterprint", () => folded.forEach((d) => d.removeAttribute("open")));
})();

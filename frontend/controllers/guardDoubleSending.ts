/** A second press within a sending form is left out. The server answers a repeat with the first result anyway; this
 * spares people on slow lines the doubt. Back-navigation brings the form back to life. Of a file that is handed over the
 * page learns nothing, and it stays open: a form or button with `data-download` may be pressed again soon. */
const SOON = 3_000;

export function guardDoubleSending(root: Document): void {
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post") return;
    if (form.dataset["sending"]) return event.preventDefault();
    form.dataset["sending"] = "yes";
    if ((event.submitter ?? form).closest("[data-download]")) setTimeout(() => revive(form), SOON);
  });
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll<HTMLFormElement>("form[data-sending]")) revive(form);
  });
}

function revive(form: HTMLFormElement): void {
  delete form.dataset["sending"];
}

/** A second press within a sending form is left out. The server answers a repeat with the first result anyway; this
 * spares people on slow lines the doubt. Back-navigation brings the form back to life. */
export function guardDoubleSending(root: Document): void {
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post") return;
    if (form.dataset["sending"]) event.preventDefault();
    else form.dataset["sending"] = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll<HTMLFormElement>("form[data-sending]")) delete form.dataset["sending"];
  });
}

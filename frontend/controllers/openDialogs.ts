/** `<button data-opens="id">` opens the `<dialog id>`; `<button data-closes>` inside closes it. Without script the page
 * shows the same form on an address of its own, given in the button's `formaction` or link. */
export function openDialogs(root: Document): void {
  root.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLElement>("[data-opens]");
    const dialog = opener && root.getElementById(opener.dataset["opens"] ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    } else if (event.target.closest("[data-closes]")) {
      event.target.closest("dialog")?.close();
    }
  });
}

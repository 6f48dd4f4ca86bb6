/** The QR code of a receipt opens `/r#number.secret`: the part behind # never reaches a server or a log. It is put into
 * the page's form, taken out of the address, and sent. Without script the page asks for number and code. */
export function readFragmentReceipt(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-receipt]");
  const found = /^#([^.]+)\.(\d{16})$/.exec(location.hash);
  if (!form || !found) return;
  history.replaceState(null, "", location.pathname);
  fill(form, "number", found[1] ?? "");
  fill(form, "secret", found[2] ?? "");
  form.requestSubmit();
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
}

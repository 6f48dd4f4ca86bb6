/** A field with `data-when="name=value"` is asked for only while another field of its form says so. Without script it is
 * always there; hidden, it keeps what was typed and is not sent. */
export function askWhen(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLElement>("form [data-when]")) {
    const form = field.closest("form");
    if (!form) continue;
    const look = (): void => {
      const [name, value] = (field.dataset["when"] ?? "").split("=");
      field.hidden = new FormData(form).get(name ?? "") !== value;
      for (const input of field.querySelectorAll<HTMLInputElement>("input, select, textarea")) input.disabled = field.hidden;
    };
    form.addEventListener("change", look);
    look();
  }
}

import { shrinkPhoto } from "./shrinkPhoto";

/** Makes large photos small before they are sent, and shows the chosen ones below their field. A picture the browser
 * cannot draw (HEIC on many) goes as it is: the server reads it. */

export function previewPhotos(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLElement>(".photo-field")) {
    const list = field.querySelector<HTMLElement>("[data-photo-list]");
    if (!list) continue;
    field.addEventListener("change", async (event) => {
      const input = event.target;
      if (!(input instanceof HTMLInputElement) || !input.files) return;
      draw(field, list);
      const small = await Promise.all([...input.files].map(shrink));
      if (small.every((file, at) => file === input.files?.[at])) return;
      const kept = new DataTransfer();
      for (const file of small) kept.items.add(file);
      input.files = kept.files;
      draw(field, list);
      const said = field.querySelector("[data-photo-said]");
      if (said) said.textContent = field.dataset["shrunk"] ?? "";
    });
  }
}

async function shrink(file: File): Promise<File> {
  const made = await shrinkPhoto(file);
  return made === file ? file : new File([made], `${file.name}.jpg`, { type: made.type });
}

function draw(field: HTMLElement, list: HTMLElement): void {
  for (const shown of list.querySelectorAll("img")) URL.revokeObjectURL(shown.src);
  const inputs = [...field.querySelectorAll<HTMLInputElement>("input[type=file]")];
  const files = inputs.flatMap((input) => [...(input.files ?? [])]);
  list.replaceChildren(...files.map(item));
}

function item(file: File): HTMLElement {
  const row = document.createElement("li");
  const image = document.createElement("img");
  image.alt = file.name;
  image.src = URL.createObjectURL(file);
  row.append(image);
  return row;
}

/** Shows the chosen photos below a photo field, with their names for those who do not see them. */
export function previewPhotos(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLElement>(".photo-field")) {
    const list = field.querySelector<HTMLElement>("[data-photo-list]");
    if (list) field.addEventListener("change", () => draw(field, list));
  }
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

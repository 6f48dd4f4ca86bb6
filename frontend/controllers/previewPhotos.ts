/** Makes large photos small before they are sent, and shows the chosen ones below their field. A picture the browser
 * cannot draw (HEIC on many) goes as it is: the server reads it. */
const LARGE = 1_500_000; // bytes
const EDGE = 2560; // what the server keeps at most (core/limits.py)

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
  if (file.size < LARGE) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? new File([made], `${file.name}.jpg`, { type: "image/jpeg" }) : file;
  } catch {
    return file; // not a picture to this browser; the server says what it is
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

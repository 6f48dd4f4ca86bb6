import { shrinkPhoto } from "./shrinkPhoto";

/** Photos add up, one from the camera after the other and several from the album: a browser alone would replace those
 * chosen before. Each is shown below the field and can be taken out; large ones are made small before they are sent. A
 * picture the browser cannot draw (HEIC on many) goes as it is: the server reads it. */
export function previewPhotos(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLElement>(".photo-field")) gather(field);
}

function gather(field: HTMLElement): void {
  const list = field.querySelector<HTMLElement>("[data-photo-list]");
  const inputs = [...field.querySelectorAll<HTMLInputElement>("input[type=file]")];
  const sent = inputs.find((input) => input.multiple); // all go with this one
  if (!list || !sent) return;
  const photos: File[] = [];
  const say = (words: string): void => {
    const said = field.querySelector("[data-photo-said]");
    if (said) said.textContent = field.dataset[words] ?? "";
  };
  const put = (): void => {
    const files = new DataTransfer();
    for (const photo of photos) files.items.add(photo);
    for (const input of inputs) input.value = "";
    sent.files = files.files;
    for (const shown of list.querySelectorAll("img")) URL.revokeObjectURL(shown.src);
    const focused = [...list.querySelectorAll<Element>("button")].indexOf(document.activeElement ?? list);
    list.replaceChildren(...photos.map(item));
    list.querySelectorAll("button")[focused]?.focus();
  };
  const item = (photo: File, at: number): HTMLElement => {
    const row = document.createElement("li");
    const image = document.createElement("img");
    image.alt = photo.name;
    image.src = URL.createObjectURL(photo);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = (field.dataset["remove"] ?? "").replace("{n}", String(at + 1));
    button.onclick = () => {
      photos.splice(at, 1);
      put();
      say("removed");
      (list.querySelectorAll("button")[Math.min(at, photos.length - 1)] ?? sent).focus();
    };
    row.append(image, button);
    return row;
  };
  photos.push(...inputs.flatMap((input) => [...(input.files ?? [])])); // chosen before this script was there
  if (photos.length > 0) put();
  field.addEventListener("change", async (event) => {
    const added = [...((event.target as HTMLInputElement).files ?? [])];
    photos.push(...added);
    put();
    say("");
    for (const photo of added) {
      const small = await shrinkPhoto(photo);
      const at = photos.indexOf(photo);
      if (small === photo || at < 0) continue;
      photos[at] = new File([small], `${photo.name}.jpg`, { type: small.type });
      put();
      say("shrunk");
    }
  });
}

/** Two buttons for photos, the chosen ones below, each with its own way out. Nothing is sent or shrunk here. */
import { h, icon, say } from "./page";

const MOST = 6;
const LARGE = 20 * 1024 * 1024;

export interface PhotoField {
  element: HTMLElement;
  files: () => Blob[];
  put: (photos: readonly Blob[]) => void;
}

export function photoField(changed: () => void = () => undefined): PhotoField {
  let chosen: Blob[] = [];
  const list = h("ul", { class: "photo-field__list" });
  const said = h("p", { class: "field__hint", role: "status" });

  const draw = (): void => {
    for (const shown of list.querySelectorAll("img")) URL.revokeObjectURL(shown.src);
    list.replaceChildren(...chosen.map((photo, at) => row(photo, at)));
  };
  const row = (photo: Blob, at: number): HTMLElement => {
    const alt = say("photo", { n: at + 1 });
    const image = h("img", { alt, src: URL.createObjectURL(photo), error: () => image.replaceWith(h("span", { class: "field-unseen" }, say("photo_unseen"))) });
    const out = h("button", { type: "button", class: "button button--quiet", "aria-label": say("photo_remove", { n: at + 1 }), click: () => {
      chosen = chosen.filter((one) => one !== photo);
      draw();
      changed();
    } }, icon("cross"));
    return h("li", {}, image, out);
  };
  const take = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    const all = [...chosen, ...files];
    chosen = all.slice(0, MOST);
    input.value = "";
    said.textContent = all.length > MOST ? say("photo_many") : files.some((file) => file.size > LARGE) ? say("photo_large") : files.length === 0 ? say("photo_none") : "";
    draw();
    changed();
  };
  const input = (label: string, picture: string, capture: boolean): HTMLElement =>
    h("label", { class: "button button--second" },
      h("input", { class: "photo-field__input", type: "file", accept: "image/*", capture: capture && "environment", multiple: !capture, change: take, cancel: () => (said.textContent = say("photo_none")) }),
      icon(picture), label);
  return {
    element: h("div", { class: "photo-field" }, input(say("camera"), "camera", true), input(say("gallery"), "photo", false), said, list),
    files: () => chosen,
    put: (photos) => {
      chosen = [...photos];
      draw();
    },
  };
}

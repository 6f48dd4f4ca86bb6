/** What it is about: the tiles a resident is offered too; none chosen leaves it to triage. */
import { h, say, told } from "./page";

export interface CategoryField {
  element: HTMLElement;
  value: () => string; // a condition of the catalogue, or nothing
}

export function categoryField(): CategoryField {
  const inputs = told.tiles.map(({ code }) => h("input", { type: "radio", name: "tile", value: code }));
  const tiles = told.tiles.map(({ name }, at) => h("label", { class: "tile" }, inputs[at], h("span", {}, name)));
  return {
    element: h("fieldset", { class: "tiles tiles--narrow" }, h("legend", { class: "field__label" }, say("kind")), ...tiles),
    value: () => told.tiles.find((_tile, at) => inputs[at]?.checked)?.condition ?? "",
  };
}

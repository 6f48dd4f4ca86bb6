/** Choosing rows of the queue: how many, all up to one, none; and what was chosen stays chosen when the list is drawn
 * anew. The bar shows by itself once a box is ticked (`:has`), so all of this is only comfort. */
export interface Choice {
  toggle(row: Element, upTo: boolean): void;
  /** After the list was drawn anew. */
  restore(): void;
}

export function chooseRows(root: Document): Choice {
  const chosen = new Set<string>();
  let last: string | null = null;
  let move = ""; // what is to be done with them
  const boxes = (): HTMLInputElement[] => [...root.querySelectorAll<HTMLInputElement>("[data-queue] .pick input")];

  const count = (): void => {
    chosen.clear();
    for (const box of boxes()) if (box.checked) chosen.add(box.value);
    const said = root.querySelector<HTMLElement>("[data-chosen]");
    if (said) said.textContent = (said.dataset["chosen"] ?? "").replace("{n}", String(chosen.size));
    const two = root.querySelector<HTMLElement>("[data-two]");
    if (two) two.hidden = chosen.size !== 2;
  };
  root.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches(".pick input")) count();
    if (event.target instanceof HTMLSelectElement && event.target.id === "bulk-move") move = event.target.value;
  });
  root.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const box = event.target.closest<HTMLInputElement>(".pick input");
    if (box) {
      if (event.shiftKey) fill(last, box);
      last = box.value;
      count();
    } else if (event.target.closest("[data-choose-none]")) {
      for (const one of boxes()) one.checked = false;
      count();
    }
  });
  const fill = (from: string | null, to: HTMLInputElement): void => {
    const all = boxes();
    const [start, end] = [all.findIndex((box) => box.value === from), all.indexOf(to)].sort((a, b) => a - b) as [number, number];
    if (start >= 0) for (const box of all.slice(start, end + 1)) box.checked = true;
  };
  count();
  return {
    toggle(row, upTo) {
      const box = row.querySelector<HTMLInputElement>(".pick input");
      if (!box) return;
      if (upTo) fill(last, box);
      else box.checked = !box.checked;
      last = box.value;
      count();
    },
    restore() {
      for (const box of boxes()) box.checked = chosen.has(box.value);
      const moves = root.querySelector<HTMLSelectElement>("#bulk-move");
      if (moves && move) moves.value = move;
      count();
    },
  };
}

/** Escape puts the menu of a narrow window away again; `<details class="page-menu">` opens and closes without script. */
export function closeMenu(root: Document): void {
  const menu = root.querySelector<HTMLDetailsElement>("details.page-menu");
  menu?.closest("header")?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

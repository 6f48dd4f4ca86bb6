/** Puts freshly drawn parts of a page in place of the old ones: elements with the same `data-part`. What the reader has
 * in hand stays: the focus by address or key, how far lists are scrolled, and drawings (`data-chart`) that would blink. */
export function replaceParts(root: Document, drawn: ParentNode): string[] {
  const changed: string[] = [];
  for (const fresh of drawn.querySelectorAll<HTMLElement>("[data-part]")) {
    const name = fresh.dataset["part"] ?? "";
    const old = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!old) continue;
    const next = root.importNode(fresh, true);
    if (plain(old) === plain(next)) continue;
    changed.push(name);
    const inHand = handle(old, root.activeElement);
    const scrolled = [...old.querySelectorAll("[tabindex]")].map((one) => one.scrollTop);
    for (const drawing of old.querySelectorAll<HTMLElement>("[data-chart]")) {
      next.querySelector(`[data-chart="${drawing.dataset["chart"]}"]`)?.replaceWith(drawing);
    }
    next.hidden = old.hidden;
    old.replaceWith(next);
    next.querySelectorAll("[tabindex]").forEach((one, place) => (one.scrollTop = scrolled[place] ?? 0));
    if (inHand) next.querySelector<HTMLElement>(inHand)?.focus({ preventScroll: true });
  }
  return changed;
}

/** The part's own mark-up, without what scripts have drawn into it. */
function plain(part: HTMLElement): string {
  const copy = part.cloneNode(true) as HTMLElement;
  copy.hidden = false;
  for (const drawing of copy.querySelectorAll<HTMLElement>("[data-chart]")) drawing.remove();
  return copy.outerHTML;
}

/** How to find what has the focus in the part that takes its place; empty when it stands outside or has no name. */
export function handle(part: HTMLElement, focused: Element | null): string {
  if (!focused || !part.contains(focused)) return "";
  if (focused.id) return `#${CSS.escape(focused.id)}`;
  const href = focused.getAttribute("href");
  if (href) return `a[href="${CSS.escape(href)}"]`;
  if (focused instanceof HTMLInputElement && focused.name) return `input[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`;
  return focused.matches("[tabindex]") ? `${focused.localName}[tabindex]` : "";
}

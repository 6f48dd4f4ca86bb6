/** Draws a page anew without taking away what its reader has in hand: the focus, and which details are open. Each is found
 * again by its id or address, else by its place among its like in the nearest element with an id. */
const CAN_HOLD = "a,button,input,select,textarea,summary,[tabindex]";

export function redraw(root: HTMLElement, draw: () => void): void {
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const hand = focused?.matches(CAN_HOLD) ? handle(root, focused, CAN_HOLD) : undefined;
  const details = [...root.querySelectorAll("details")].map((one) => [one.open, handle(root, one, "details")] as const);
  draw();
  for (const [isOpen, find] of details) find()?.toggleAttribute("open", isOpen);
  (hand?.() as HTMLElement | null | undefined)?.focus({ preventScroll: true });
}

function handle(root: HTMLElement, one: Element, like: string): () => Element | null | undefined {
  const href = one.getAttribute("href");
  if (one.id) return () => root.querySelector(`#${CSS.escape(one.id)}`);
  if (href) return () => root.querySelector(`a[href="${CSS.escape(href)}"]`);
  const id = one.closest("[id]")?.id ?? "";
  const around = (): Element | null => (id === root.id ? root : root.querySelector(`#${CSS.escape(id)}`));
  const place = [...(around()?.querySelectorAll(like) ?? [])].indexOf(one);
  return () => around()?.querySelectorAll(like)[place];
}

/** Keys of the queue: J and K move, Enter opens, X chooses, A acts, C compares, R reloads, ? lists them, Esc leads back. Single letters
 * can be switched off (WCAG 2.1.4); the choice stays on this device. Focus stays in the list until Enter. */
import type { Choice } from "./chooseRows";
import type { Beside } from "./openBeside";

const SWITCH = "gewu-keys-off";
const SETTLE = 120; // ms: a held key passes over cases without loading each

export function queueKeys(root: Document, beside: Beside | null, choice: Choice): void {
  const queue = root.querySelector<HTMLElement>("[data-queue]");
  if (!queue) return;
  rememberSwitch(root);
  const links = (): HTMLAnchorElement[] => [...queue.querySelectorAll<HTMLAnchorElement>("a[data-open]")];
  let at: string | null = null; // where the eye is; the pane may have the focus
  let soon = 0;
  queue.addEventListener("focusin", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (row) at = row.dataset["row"] ?? null;
  });
  const place = (): number => links().findIndex((link) => rowOf(link)?.dataset["row"] === at);
  const here = (): HTMLAnchorElement | undefined => links()[place()];
  const move = (by: number): void => {
    const all = links();
    const link = all[Math.max(0, Math.min(all.length - 1, place() + by))];
    if (!link) return;
    link.focus();
    link.scrollIntoView({ block: "nearest" });
    clearTimeout(soon);
    if (beside?.isOpen) soon = window.setTimeout(() => void beside.open(link, false), SETTLE);
  };
  const back = (): void => {
    if (!beside?.isOpen) return;
    if (beside.pane.contains(root.activeElement)) (here() ?? links()[0])?.focus();
    else beside.close();
  };
  const choose = (upTo: boolean): void => {
    const row = here() ? rowOf(here()) : null;
    if (row) choice.toggle(row, upTo);
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || root.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return back();
    if (typing(event.target) || localStorage.getItem(SWITCH)) return;
    const keys: Record<string, () => void> = {
      j: () => move(1),
      k: () => move(-1),
      x: () => choose(event.shiftKey),
      a: () => root.querySelector<HTMLElement>("#bulk-move")?.focus(),
      c: () => root.querySelector<HTMLElement>("[data-two]:not([hidden])")?.click(),
      r: () => root.querySelector<HTMLElement>("[data-reload]")?.click(),
      "?": () => root.querySelector<HTMLElement>('[data-opens="keys"]')?.click(),
    };
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function rememberSwitch(root: Document): void {
  for (const part of root.querySelectorAll<HTMLElement>("[data-scripted]")) part.hidden = false;
  const choice = root.querySelector<HTMLInputElement>("[data-keys]");
  if (!choice) return;
  choice.checked = !localStorage.getItem(SWITCH);
  choice.addEventListener("change", () =>
    choice.checked ? localStorage.removeItem(SWITCH) : localStorage.setItem(SWITCH, "yes"),
  );
}

function rowOf(link: Element | undefined): HTMLElement | null {
  return link?.closest<HTMLElement>("[data-row]") ?? null;
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

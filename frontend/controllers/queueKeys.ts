/** Keys of the queue: J and K move, Enter opens, X chooses, ? lists them, Esc closes. Single letters can be switched off
 * (WCAG 2.1.4); the choice stays on this device. Focus stays in the list. */
import type { Beside } from "./openBeside";

const SWITCH = "gewu-keys-off";

export function queueKeys(root: Document, beside: Beside | null): void {
  const queue = root.querySelector<HTMLElement>("[data-queue]");
  if (!queue) return;
  for (const part of root.querySelectorAll<HTMLElement>("[data-scripted]")) part.hidden = false;
  const choice = root.querySelector<HTMLInputElement>("[data-keys]");
  if (choice) {
    choice.checked = !localStorage.getItem(SWITCH);
    choice.addEventListener("change", () =>
      choice.checked ? localStorage.removeItem(SWITCH) : localStorage.setItem(SWITCH, "yes"),
    );
  }
  countChosen(queue);
  const links = [...queue.querySelectorAll<HTMLAnchorElement>("a[data-open]")];
  let at = -1; // where the eye is; the pane may have the focus
  queue.addEventListener("focusin", (event) => {
    const row = (event.target as Element).closest("[data-row]");
    if (row) at = links.findIndex((link) => row.contains(link));
  });
  const move = (by: number): void => {
    at = Math.max(0, Math.min(links.length - 1, at + by));
    const link = links[at];
    if (!link) return;
    link.focus();
    link.scrollIntoView({ block: "nearest" });
    if (beside?.isOpen) void beside.open(link, false);
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || root.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && beside?.isOpen) {
      beside.close();
      links[at]?.focus();
      return;
    }
    if (typing(event.target) || localStorage.getItem(SWITCH)) return;
    const keys: Record<string, () => void> = {
      j: () => move(1),
      k: () => move(-1),
      x: () => links[at]?.closest("tr")?.querySelector<HTMLInputElement>(".pick input")?.click(),
      "?": () => root.querySelector<HTMLElement>('[data-opens="keys"]')?.click(),
    };
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** “3 chosen”, in the bar that shows once something is. */
function countChosen(queue: HTMLElement): void {
  const said = queue.querySelector<HTMLElement>("[data-chosen]");
  queue.addEventListener("change", () => {
    const count = queue.querySelectorAll(".pick input:checked").length;
    if (said) said.textContent = (said.dataset["chosen"] ?? "").replace("{n}", String(count));
  });
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

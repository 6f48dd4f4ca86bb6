/** “Wang Min has this case open”: while a page is looked at it says so each half minute and shows who else does. The
 * server forgets it after a minute; nothing is counted. */
const EVERY = 30_000;
const seen = new WeakSet<Element>();

export function sayPresence(root: ParentNode): void {
  for (const part of root.querySelectorAll<HTMLElement>("[data-presence]")) {
    if (seen.has(part)) continue;
    seen.add(part);
    void say(part);
    const timer = setInterval(() => {
      if (!part.isConnected) clearInterval(timer);
      else if (!document.hidden) void say(part);
    }, EVERY);
  }
}

async function say(part: HTMLElement): Promise<void> {
  const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const address = part.dataset["presence"] ?? "";
  const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return; // the next page says why
  const words = (await answer.text()).trim();
  if (part.innerHTML.trim() !== words) part.innerHTML = words;
}

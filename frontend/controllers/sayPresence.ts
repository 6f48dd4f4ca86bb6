/** “Wang Min has this case open”: while a page is looked at it says so each half minute and shows who else does; leaving
 * is said too. The server forgets it after a minute; nothing is counted. */
const EVERY = 30_000;
const seen = new WeakSet<Element>();
let open: HTMLElement | null = null;

export function sayPresence(root: ParentNode): void {
  const part = root.querySelector<HTMLElement>("[data-presence]");
  if (open && open !== part) leave(open);
  open = part;
  if (!part || seen.has(part)) return;
  seen.add(part);
  void say(part);
  const timer = setInterval(() => {
    if (!part.isConnected) clearInterval(timer);
    else if (!document.hidden) void say(part);
  }, EVERY);
  addEventListener("pagehide", () => open === part && leave(part));
}

async function say(part: HTMLElement): Promise<void> {
  const answer = await send(part, {}).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return; // the next page says why
  const words = (await answer.text()).trim();
  if (part.innerHTML.trim() !== words) part.innerHTML = words;
}

function leave(part: HTMLElement): void {
  void send(part, { leave: "yes" }).catch(() => null);
}

function send(part: HTMLElement, more: Record<string, string>): Promise<Response> {
  const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ ...more, csrfmiddlewaretoken: token });
  return fetch(part.dataset["presence"] ?? "", { method: "POST", body, keepalive: true });
}

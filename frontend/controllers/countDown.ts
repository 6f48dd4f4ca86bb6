/** Seconds until many cases are acted on, counted calmly where they stand: `[data-seconds]` is a number of seconds, its
 * text the sentence with `{n}`. At none, and each second from then on, the part is drawn anew until it is over, so the
 * button to call it off keeps the focus all the while. Without script the page reloads itself. */
import { replaceParts } from "./replaceParts";

export async function countDown(root: Document): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const part = root.querySelector<HTMLElement>('[data-part="bulk"]');
    if (!part || part.hasAttribute("data-over")) return;
    const said = part.querySelector<HTMLElement>("[data-seconds]");
    const left = said ? Math.ceil(Number(said.dataset["seconds"]) - (performance.now() - begun) / 1000) : 0;
    if (said && left > 0) tell(said, part, left);
    else await look(root, part.dataset["url"] ?? location.href);
    await new Promise((resolve) => setTimeout(resolve, left > 0 ? 250 : 1000));
  }
}

function tell(said: HTMLElement, part: HTMLElement, left: number): void {
  const words = (said.dataset["said"] ?? "").replace("{n}", String(left));
  if (said.textContent !== words) said.textContent = words;
  part.querySelector("progress")?.setAttribute("value", String(left));
}

async function look(root: Document, address: string): Promise<void> {
  const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected) location.reload(); // signed out: the page says so
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  fresh.querySelector("[data-seconds]")?.removeAttribute("data-seconds"); // it has begun for this page
  replaceParts(root, fresh);
}

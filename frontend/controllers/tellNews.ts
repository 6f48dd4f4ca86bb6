/** Says that the list would look otherwise now, and draws it anew when somebody wants that. Rows never move by themselves:
 * a hand may be on its way to one. `[data-live]` is the line that says it, `data-list` of the list what it is now in one
 * word; focus, what is chosen and what is typed stay. */
import type { Beside } from "./openBeside";
import { pollLive } from "./pollLive";
import { handle } from "./replaceParts";

interface ListNews {
  since: string;
  list: string;
}

const ANEW_EVERY = 300_000; // what time alone has changed: a case that runs out soon by now

export interface News {
  /** The list may have been drawn anew: what was heard before is older than what is shown. */
  forget(): void;
}

export function tellNews(root: Document, beside: Beside): News | null {
  const line = root.querySelector<HTMLElement>("[data-live]");
  const url = line?.dataset["live"];
  if (!line || !url) return null;
  let inHand = "";
  let isOld = false;

  const take = async (news: ListNews): Promise<void> => {
    if (isOld || beside.isBusy) return; // one's own act is no news: the list is drawn anew after it
    const shown = root.querySelector<HTMLElement>("[data-list]")?.dataset["list"];
    if (news.list === shown) line.replaceChildren();
    else if (!line.querySelector("[data-reload]")) line.replaceChildren(reload());
  };
  const forget = (): void => {
    isOld = true;
    line.querySelector("[data-reload]")?.remove();
  };
  const reload = (): HTMLElement => {
    const link = linkTo(line.dataset["here"] ?? location.href, line.dataset["changed"] ?? "");
    link.dataset["reload"] = "";
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void drawAnew(link.href);
    });
    return link;
  };
  const drawAnew = async (instead: string): Promise<void> => {
    const back = inHand;
    if (!(await beside.redraw())) return location.assign(instead);
    if (root.activeElement !== root.body) return;
    const found = (back && root.querySelector<HTMLElement>(back)) || root.querySelector<HTMLElement>("a[data-open]") || root.querySelector<HTMLElement>("main");
    found?.focus({ preventScroll: true });
  };
  const begin = (): void => {
    void pollLive<ListNews>(url, "", { onAlive: () => undefined, onNews: take, onSignedOut: stop, isOld: () => isOld && !(isOld = false) });
  };
  /** Signed in again in another tab, one comes back to this one: then it asks once more. */
  const stop = (): void => {
    const link = linkTo(line.dataset["here"] ?? location.href, line.dataset["signedOut"] ?? "");
    link.target = "_blank";
    if (line.textContent !== link.textContent) line.replaceChildren(link);
    window.addEventListener("focus", begin, { once: true });
  };
  root.addEventListener("focusin", (event) => {
    if (!line.contains(event.target as Element)) inHand = handle(root.body, event.target as Element);
  });
  setInterval(() => (isOld = true), ANEW_EVERY);
  begin();
  return { forget };
}

function linkTo(address: string, words: string): HTMLAnchorElement {
  const link = document.createElement("a");
  link.className = "button button--second";
  link.href = address;
  link.textContent = words;
  return link;
}

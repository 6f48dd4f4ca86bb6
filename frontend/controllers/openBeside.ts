/** Opens a case beside the list and works with it there. `[data-queue]` holds links with `data-open="address of the part"`
 * and a `[data-pane]`; inside the pane `data-inside` leads to another part, and forms are sent without leaving the page.
 * The page's address names the open case, so a reload or a shared link shows the same. Too narrow for two, the links lead
 * to whole pages, as they do without script. */
import { replaceParts } from "./replaceParts";

const WIDE = "(min-width: 64rem)";
const PATIENCE = 20_000;

export interface Beside {
  open(link: HTMLAnchorElement, focus: boolean): Promise<void>;
  close(): void;
  /** Draws the list anew; false when it could not be had. */
  redraw(): Promise<boolean>;
  /** A form is on its way, and the list will be drawn anew after it. */
  readonly isBusy: boolean;
  readonly isOpen: boolean;
  readonly pane: HTMLElement;
}

/** `drawn` is told of each new part, `redrawn` when the list itself may have been drawn anew. */
export function openBeside(root: Document, drawn: (part: HTMLElement) => void, redrawn: () => void): Beside | null {
  const queue = root.querySelector<HTMLElement>("[data-queue]");
  const pane = queue?.querySelector<HTMLElement>("[data-pane]");
  if (!queue || !pane) return null;
  const said = root.querySelector<HTMLElement>("[data-pane-said]");
  const trouble = root.querySelector<HTMLElement>("[data-trouble]");
  let last = 0;
  let shown = "";
  let sending = 0;

  const mark = (): void => {
    for (const row of queue.querySelectorAll("[data-row]")) {
      const isOpen = shown !== "" && row.getAttribute("data-row") === shown;
      row.classList.toggle("table__row--current", isOpen);
      const link = row.querySelector("a[data-open]");
      if (isOpen) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
  };
  const name = (number: string): void => {
    shown = number;
    const address = new URL(location.href);
    if (number) address.searchParams.set("case", number);
    else address.searchParams.delete("case");
    history.replaceState(null, "", address);
    mark();
  };
  const complain = (words: string): void => {
    if (!trouble) return;
    trouble.textContent = words;
    trouble.hidden = words === "";
  };
  const put = (html: string, focus: boolean): void => {
    pane.innerHTML = html;
    pane.hidden = false;
    queue.classList.add("split--open");
    complain("");
    const part = pane.querySelector<HTMLElement>("[data-case]");
    if (part?.dataset["case"]) name(part.dataset["case"]);
    if (said) said.textContent = part?.dataset["said"] ?? "";
    const first = pane.querySelector<HTMLElement>("[autofocus]") ?? pane.querySelector<HTMLElement>("[data-pane-heading]");
    if (focus) first?.focus();
    drawn(pane);
  };
  const back = (): string => location.pathname + location.search.replace(/[?&]case=[^&]*/, "");

  const load = async (address: string, instead: string, focus: boolean): Promise<void> => {
    const turn = ++last;
    const url = new URL(address, location.href);
    url.searchParams.set("back", back());
    const answer = await ask(url.href, {});
    if (turn !== last) return; // another case was chosen meanwhile
    if (answer?.ok && !answer.redirected) put(await answer.text(), focus);
    else location.assign(instead); // signed out, gone, or no network: the page itself says what it is
  };
  const beside: Beside = {
    pane,
    get isOpen() {
      return !pane.hidden;
    },
    get isBusy() {
      return sending > 0;
    },
    redraw: () => redraw(),
    open: (link, focus) => load(link.dataset["open"] ?? "", link.href, focus),
    close() {
      last++;
      pane.hidden = true;
      pane.replaceChildren();
      queue.classList.remove("split--open");
      name("");
      drawn(pane);
    },
  };

  /** What was typed stays in the form unless the server has taken it. */
  const send = async (form: HTMLFormElement, button: HTMLElement | null): Promise<void> => {
    const body = new FormData(form, button);
    const token = tokenNow();
    if (token) body.set("csrfmiddlewaretoken", token);
    const answer = await ask(form.action, { method: "POST", body });
    delete form.dataset["sending"];
    const html = answer && !answer.redirected ? await answer.text() : "";
    if (page(html).querySelector("[data-case]")) put(html, true);
    else return complain(trouble?.dataset[answer?.redirected || answer?.status === 403 ? "signedOut" : "trouble"] ?? "");
    if (pane.querySelector("[data-done]")) await redraw();
  };
  const redraw = async (): Promise<boolean> => {
    const answer = await ask(back(), {});
    if (!answer?.ok || answer.redirected) return false;
    replaceParts(root, page(await answer.text()));
    mark();
    redrawn();
    return true;
  };

  queue.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-open], a[data-inside]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !matchMedia(WIDE).matches) return;
    event.preventDefault();
    if (link.dataset["inside"]) void load(link.dataset["inside"], link.href, true);
    else void beside.open(link, true);
  });
  pane.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    event.preventDefault();
    if (form.dataset["sending"]) return;
    form.dataset["sending"] = "yes";
    sending++;
    void send(form, event.submitter).finally(() => {
      sending--;
      redrawn();
    });
  });
  const named = new URL(location.href).searchParams.get("case");
  const link = named && queue.querySelector<HTMLAnchorElement>(`a[data-open*="/${CSS.escape(named)}/"]`);
  if (link && matchMedia(WIDE).matches) void beside.open(link, false);
  return beside;
}

/** Signing in in another tab makes the token of this page useless; the cookie holds the one that counts now. */
function tokenNow(): string {
  return /(?:^|; )(?:__Host-gewu-csrf|gewu_csrf)=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

function page(html: string): Document {
  return new DOMParser().parseFromString(html, "text/html");
}

function ask(address: string, more: RequestInit): Promise<Response | null> {
  const headers = { Accept: "text/html", "X-Part": "pane" };
  return fetch(address, { ...more, headers, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
}

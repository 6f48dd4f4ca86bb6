/** Opens a case beside the list: `[data-queue]` holds links with `data-open="address of the part"` and a `[data-pane]`.
 * The page's address names the open case, so a reload or a shared link shows the same. Too narrow for two, the link leads
 * to the whole page as it does without script. */
const WIDE = "(min-width: 64rem)";

export interface Beside {
  open(link: HTMLAnchorElement, focus: boolean): Promise<void>;
  close(): void;
  readonly isOpen: boolean;
}

export function openBeside(root: Document, drawn: (part: HTMLElement) => void): Beside | null {
  const queue = root.querySelector<HTMLElement>("[data-queue]");
  const pane = queue?.querySelector<HTMLElement>("[data-pane]");
  if (!queue || !pane) return null;
  let last = 0;

  const mark = (link: HTMLAnchorElement | null): void => {
    for (const row of queue.querySelectorAll(".table__row--current")) row.classList.remove("table__row--current");
    link?.closest("tr")?.classList.add("table__row--current");
  };
  const name = (number: string | null): void => {
    const address = new URL(location.href);
    if (number) address.searchParams.set("case", number);
    else address.searchParams.delete("case");
    history.replaceState(null, "", address);
  };
  const beside: Beside = {
    get isOpen() {
      return !pane.hidden;
    },
    async open(link, focus) {
      const turn = ++last;
      const back = encodeURIComponent(location.pathname + location.search.replace(/[?&]case=[^&]*/, ""));
      const answer = await fetch(`${link.dataset["open"]}?back=${back}`, { headers: { Accept: "text/html" } }).catch(() => null);
      if (turn !== last) return; // another case was chosen meanwhile
      if (!answer || !answer.ok || answer.redirected) {
        location.assign(link.href); // signed out, gone, or no network: the page itself says what it is
        return;
      }
      pane.innerHTML = await answer.text();
      pane.hidden = false;
      queue.classList.add("split--open");
      mark(link);
      name(pane.querySelector<HTMLElement>("[data-case]")?.dataset["case"] ?? null);
      if (focus) pane.querySelector<HTMLElement>("[data-pane-heading]")?.focus();
      drawn(pane);
    },
    close() {
      last++;
      pane.hidden = true;
      pane.replaceChildren();
      queue.classList.remove("split--open");
      mark(null);
      name(null);
    },
  };
  queue.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-open]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !matchMedia(WIDE).matches) return;
    event.preventDefault();
    void beside.open(link, true);
  });
  const named = new URL(location.href).searchParams.get("case");
  const link = named && queue.querySelector<HTMLAnchorElement>(`a[data-open*="/${CSS.escape(named)}/"]`);
  if (link && matchMedia(WIDE).matches) void beside.open(link, false);
  return beside;
}

/** The worker's app: who is here, which page, and sending whenever there is a chance. */
import { shrinkPhoto } from "../controllers/shrinkPhoto";
import { meet, readPocket, type Pocket } from "./contact";
import { isAllKept, keepAll } from "./draft";
import { Gone, isUnsent, keep, list, tidy, type Entry } from "./outbox";
import { empty, h, link, notice, say, told, toast, type Child } from "./page";
import { redraw } from "./inHand";
import type { Session } from "./session";
import { isFull, lock, noteEnded, onlyLeaving, openStore, whoIsHere, wipe, type Person, type Store } from "./store";
import { drain, outboxOf, type Stop, type Ways } from "./sync";
import { showCase } from "./views/case";
import { installing, isInstalled, me, type Asking, type Leaving } from "./views/me";
import { outbox } from "./views/outbox";
import { report } from "./views/report";
import { finding, rounds } from "./views/round";
import { today } from "./views/today";

const EVERY = 30_000;
const NOTHING: Pocket = { at: 0, cases: [], grids: [], rounds: [], visits: [] };
const FORMS = new Set(["report", "finding", "case"]); // pages that are not drawn again under somebody's fingers

interface InstallEvent extends Event {
  prompt: () => Promise<unknown>;
}

class App {
  private person: Person | undefined;
  private pocket: Pocket = NOTHING;
  private entries: Entry[] = [];
  private told: Stop | "full" | "lost" | "signed-out" | "hello" = "hello";
  private again = 0;
  private install: (() => void) | undefined;
  private sending: Promise<void> | undefined;
  private left = new AbortController(); // signing out ends what was begun before
  private more = false;
  private drawn: Promise<void> = Promise.resolve();
  private shown = ""; // whose page of which address was drawn last
  private facts = ""; // all it was drawn from
  private readonly asking: Asking = { asks: false, failed: false };

  constructor(
    private readonly store: Store,
    private readonly root: HTMLElement,
  ) {}

  async start(): Promise<void> {
    for (const back of ["hashchange", "pageshow"]) addEventListener(back, () => void this.refresh());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return void keepAll();
      void this.refresh(); // somebody else may be here
      void this.send();
    });
    addEventListener("online", () => void this.send());
    addEventListener("offline", () => this.stopped("offline"));
    for (const leaves of ["submit", "click"]) document.querySelector("header")?.addEventListener(leaves, (event) => this.stay(event));
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.install = () => void (event as InstallEvent).prompt();
    });
    setInterval(() => void (Date.now() >= this.again ? this.send() : this.refresh()), EVERY);
    await this.refresh();
    void navigator.serviceWorker?.register("/sw.js", { scope: "/field" });
    await this.send();
    if (this.person) void navigator.storage?.persist?.();
  }

  /** Print size, language and help come as pages; without network there would be none at all. */
  private stay(event: Event): void {
    const link = (event.target as Element).closest("a");
    if (navigator.onLine || (event.type === "click" && (!link || link.hash))) return;
    event.preventDefault();
    toast(say("switch_offline"));
  }

  /** One contact, then the outbox. What comes meanwhile (an act, the network) gets one more round behind the running one. */
  send(): Promise<void> {
    if (this.left.signal.aborted) return Promise.resolve(); // signing out
    this.more = true;
    this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    while (this.more) {
      this.more = false;
      await this.sendOnce().catch((error: unknown) => {
        if (error instanceof Gone) return this.refresh(); // deleted by another tab
        if (!isFull(error)) throw error;
        return this.stopped("full"); // nothing can be noted, so nothing is sent; all stays as it is
      });
    }
  }

  private async sendOnce(): Promise<void> {
    const { signal } = this.left;
    const before = csrf();
    const token = (): string | null => (signal.aborted || csrf() !== before ? null : before);
    const own: typeof fetch = (path, init) => fetch(path, { ...init, signal });
    const met = await meet(this.store, { fetch: own, token, signOut: () => this.endSession() });
    if (signal.aborted || met.kind === "changed") return this.begin(signal);
    if (met.kind !== "here") return this.stopped(met.kind);
    await this.refresh();
    const drained = await drain(this.store, met.person, this.ways(own, token), () => void this.refresh());
    if (token() === null) return this.begin(signal);
    this.again = drained.again ?? 0;
    await tidy(this.store, met.person, Date.now());
    if (drained.stop === "busy") void navigator.locks.request(outboxOf(met.person), () => this.stopped("done")); // by another tab
    return this.stopped(drained.stop);
  }

  /** Somebody signed in or out meanwhile: once more, unless it was here. */
  private begin(signal: AbortSignal): void {
    this.more = !signal.aborted;
  }

  private ways(own: typeof fetch, token: () => string | null): Ways {
    return {
      fetch: own,
      now: Date.now,
      csrf: token,
      alone: async (name, work) =>
        navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : Promise.resolve<Stop>("busy"))) as Promise<Stop>,
      shrink: ({ bytes, type }) => shrinkPhoto(new Blob([bytes], { type })),
    };
  }

  private async stopped(how: Stop | "full" | "lost" | "signed-out"): Promise<void> {
    if (this.told !== "lost" || how !== "sign-in") this.told = how; // a forgotten phone says so until somebody signs in
    await this.refresh();
  }

  /** Reads what is kept and draws it: one after the other, and nothing that is being written is missing in it. */
  private refresh(): Promise<void> {
    const drawn = this.drawn.catch(() => undefined).then(async () => {
      do {
        await keepAll();
        await this.read();
      } while (!isAllKept());
      this.draw();
    });
    return (this.drawn = drawn);
  }

  private async read(): Promise<void> {
    const person = await whoIsHere(this.store, csrf());
    if (this.person && !person && this.told !== "lost") this.told = "signed-out";
    this.person = person;
    this.pocket = (person && (await readPocket(this.store, person))) ?? NOTHING;
    this.entries = person ? await list(this.store, person) : [];
  }

  private session(person: Person): Session {
    return {
      store: this.store, person, pocket: this.pocket, entries: this.entries,
      changed: () => this.refresh(),
      now: () => Date.now() + (this.person?.offset ?? person.offset),
      send: () => this.send(),
      keep: async (act, photos = [], { id, draft, stamps } = {}) => {
        const who = this.person?.user === person.user ? this.person : person; // with the clock as measured since
        let under: string;
        try {
          under = await keep(this.store, who, act, photos, { state: draft ? "draft" : "waiting", ...(id ? { id } : {}), ...(stamps ? { stamps } : {}) });
        } catch (error) {
          if (error instanceof Gone) void this.refresh();
          else if (!draft) toast(say(isFull(error) ? "full" : "failed"));
          return undefined;
        }
        if (!draft) {
          void this.refresh();
          void this.send();
        }
        return under;
      },
    };
  }

  /** Draws the page of the address. A form under somebody's fingers stays as it is. */
  private draw(): void {
    const [page = "", ...parts] = location.hash.replace(/^#\//, "").split("/");
    const shown = `${this.person?.user}${location.hash}`;
    const moved = this.shown !== shown;
    this.shown = shown;
    if (moved) Object.assign(this.asking, { asks: false, failed: false });
    const [before, facts] = [this.facts, this.factsOf(page)];
    if (!moved && facts === before) return; // nothing is new
    this.facts = facts;
    this.drawCount();
    for (const one of document.querySelectorAll<HTMLAnchorElement>(".field-bar a")) {
      if (one.hash === `#/${page || "today"}`) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
    const said = h("div", { id: "said", class: "stack" }, ...this.said());
    const old = this.root.querySelector("#said");
    if (!moved && this.person && FORMS.has(page) && this.root.querySelector("form")) {
      if (old?.textContent !== said.textContent) old?.replaceWith(said);
      return;
    }
    const drawn = this.person ? this.page(this.session(this.person), page, parts) : this.nobody();
    const put = (): void => this.root.replaceChildren(said, ...drawn.filter((one): one is Node | string => one !== undefined && one !== false));
    if (moved) put();
    else redraw(this.root, put);
    if (moved && location.hash) this.root.querySelector<HTMLElement>("h1")?.focus();
  }

  /** All that a page is drawn from; where it says how long is left, the minute too. */
  private factsOf(page: string): string {
    const minute = ["", "today", "case"].includes(page) ? Math.floor(Date.now() / 60_000) : 0;
    return JSON.stringify([this.told, Boolean(this.install), minute, { ...this.pocket, at: 0 }, this.entries]);
  }

  private page(session: Session, page: string, parts: string[]): Child[] {
    if (page === "case") return showCase(session, decodeURIComponent(parts[0] ?? ""), parts[1]);
    if (page === "report") return report(session, parts[0]);
    if (page === "round") return rounds(session);
    if (page === "finding") return finding(session, parts[0] ?? "", parts[1] ?? "", parts[2]);
    if (page === "outbox") return outbox(session);
    if (page === "me") return me(session, this.leaving(session), this.install);
    return today(session);
  }

  private nobody(): Child[] {
    const words = this.told === "signed-out" ? say("signed_out") : say("sign_in_first");
    return [h("h1", { tabindex: "-1" }, say("today")), empty(words, "", link(say("sign_in"), told.login, "")), isInstalled() ? undefined : h("div", { class: "card stack" }, h("h2", {}, say("install")), ...installing(this.install))];
  }

  /** What stands above every page: no network, a session that is over, a phone that was lost. */
  private said(): Node[] {
    if (this.told === "lost") return [notice(say("lost"), "notice--error")];
    if (this.told === "sign-in" && this.person) {
      return [h("div", { class: "notice notice--warning", role: "status" }, h("p", {}, say("sign_in_again")), link(say("sign_in"), told.login))];
    }
    if (this.told === "full") return [notice(say("full_sending"), "notice--warning")];
    if (this.told === "later") return [notice(say("no_answer"), "notice--warning")];
    return this.told === "offline" ? [notice(say("offline"), "notice--warning")] : [];
  }

  private drawCount(): void {
    const count = document.getElementById("count");
    if (!count) return;
    count.hidden = !this.person;
    const n = this.entries.filter(isUnsent).length;
    count.textContent = n > 0 ? say("unsent", { n }) : say("all_sent");
    count.classList.toggle("field-count--some", n > 0);
  }

  private leaving(session: Session): Leaving {
    const { user } = session.person;
    const leave = async (how: () => Promise<void>, ended: () => Promise<void>): Promise<void> => {
      this.left.abort();
      try {
        await Promise.allSettled([this.sending]); // it may write once more
        await how();
        location.hash = "";
        await this.stopped("signed-out");
        if (await this.endSession()) await ended();
      } finally {
        this.left = new AbortController();
      }
    };
    return {
      asking: this.asking,
      keepLocked: () => leave(() => lock(this.store, user), () => noteEnded(this.store, user)),
      wipe: () => leave(async () => wipe(this.store, user, await onlyLeaving(this.person ?? session.person)), () => wipe(this.store, user)),
    };
  }

  private async endSession(): Promise<boolean> {
    try {
      const answer = await fetch(told.logout, { method: "POST", headers: { "X-CSRFToken": csrf() }, credentials: "same-origin", redirect: "manual" });
      return answer.ok || answer.type === "opaqueredirect";
    } catch {
      return false;
    }
  }
}

export async function start(root: HTMLElement): Promise<void> {
  await new App(await openStore(), root).start();
}

/** Read each time: signing in changes it. */
function csrf(): string {
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${told.csrf}=`));
  return found ? found.slice(told.csrf.length + 1) : "";
}

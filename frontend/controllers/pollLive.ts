/** Asks an address below `/live` each second whether anything has changed, while the page is seen. 304 means no; a redirect
 * to the sign-in page, 403 or 404 that the session or the post is over. After failures it asks more slowly, and goes on by
 * itself. */
export interface News {
  since: string;
  rows: CaseRow[];
  everything: boolean;
  /** Others have taken note of alerts. */
  seen: boolean;
}

/** number, area, is open, state, level, subclass, due (s), overdue, lon, lat: as `insight.live.CaseRow` sends it. */
export type CaseRow = [string, string, boolean, string, string, string, number | null, boolean, number | null, number | null];

export interface Listener<Told extends { since: string }> {
  /** The server has answered: what is shown is true now. */
  onAlive(at: Date): void;
  onNews(news: Told): Promise<void>;
  onSignedOut(): void;
  /** Whether to ask for everything anew instead of what is new. */
  isOld?(): boolean;
}

const EVERY = 1000;
const SLOWEST = 15_000;
const PATIENCE = 10_000;

export async function pollLive<Told extends { since: string }>(url: string, since: string, listener: Listener<Told>): Promise<void> {
  const asked = new URL(url, location.href);
  let pause = EVERY;
  for (;;) {
    if (document.hidden) await becomesVisible();
    if (listener.isOld?.()) since = "";
    try {
      asked.searchParams.set("since", since);
      const answer = await fetch(asked, {
        headers: { "If-None-Match": `"${since}"` },
        cache: "no-store",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect" || [403, 404].includes(answer.status)) return listener.onSignedOut();
      if (answer.status === 200) {
        const news = (await answer.json()) as Told;
        await listener.onNews(news);
        since = news.since;
      } else if (answer.status !== 304) throw new Error(`live: ${answer.status}`);
      listener.onAlive(timeOf(answer));
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, SLOWEST);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** The server's clock, for the one of this device may be wrong. */
export function timeOf(answer: Response): Date {
  return new Date(answer.headers.get("Date") ?? Date.now());
}

function becomesVisible(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
  });
}

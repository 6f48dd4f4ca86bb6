/** Asks `/live` each second whether anything has changed, while the page is seen. 304 means no; a redirect to the sign-in
 * page means that the session is over. After failures it asks more slowly, and goes on by itself. */
export interface News {
  since: string;
  rows: CaseRow[];
  everything: boolean;
}

/** number, area, is open, state, level, subclass, due (s), overdue, lon, lat: as `insight.live.CaseRow` sends it. */
export type CaseRow = [string, string, boolean, string, string, string, number | null, boolean, number | null, number | null];

export interface Listener {
  /** The server has answered: what is shown is true now. */
  onAlive(at: Date): void;
  onNews(news: News): Promise<void>;
  onSignedOut(): void;
}

const EVERY = 1000;
const SLOWEST = 15_000;
const PATIENCE = 10_000;

export async function pollLive(url: string, since: string, listener: Listener): Promise<void> {
  let pause = EVERY;
  for (;;) {
    if (document.hidden) await becomesVisible();
    try {
      const answer = await fetch(`${url}?since=${encodeURIComponent(since)}`, {
        headers: { "If-None-Match": `"${since}"` },
        cache: "no-store",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect" || answer.status === 404) return listener.onSignedOut();
      if (answer.status === 200) {
        const news = (await answer.json()) as News;
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

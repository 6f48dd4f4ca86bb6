/** Brings the command screen to life: asks for news, draws parts anew, keeps map, list and charts on one area. The
 * numbers on map and charts are read from the page's own tables, so they cannot differ. */
import type { FeatureCollection } from "geojson";
import type { GridMap, Load } from "../map/gridMap";
import { type CaseRow, type News, pollLive, timeOf } from "./pollLive";
import { replaceParts } from "./replaceParts";

interface Data {
  live: string;
  parts: string;
  points: string;
  ground: string;
  case: string;
  since: string;
  stale: number;
  big: boolean;
  turn: number;
  top: string;
  zone: string;
  states: Record<string, string>;
  subclasses: Record<string, string>;
  words: Record<string, string>;
}

const SPEAK_EVERY = 30_000;
const ANEW_EVERY = 300_000; // what time alone has changed: how long something lasts, what is no longer ours to see

export class CommandScreen {
  private map: GridMap | null = null;
  private alive = new Date();
  private heard = performance.now();
  private spoke = 0;
  private communities: string[] = [];

  constructor(private page: Document, private data: Data) {}

  async begin(): Promise<void> {
    this.listen();
    setInterval(() => this.tell(), 1000);
    void this.chart();
    const since = await this.drawMap();
    void pollLive<News>(this.data.live, since, {
      onAlive: (at) => this.hear(at),
      onNews: (news) => this.take(news),
      onSignedOut: () => this.signedOut(),
    });
    setInterval(() => document.hidden || void this.anew(), ANEW_EVERY);
    if (this.data.turn && !matchMedia("(prefers-reduced-motion: reduce)").matches) setInterval(() => this.turn(), this.data.turn * 1000);
  }

  /** Map and points; the token from which on to ask. Whatever fails here, the list is there and goes on. */
  private async drawMap(): Promise<string> {
    try {
      const [ground, points, drawing] = await Promise.all([json<FeatureCollection>(this.data.ground), json<News>(this.data.points), import("../map/gridMap")]);
      this.communities = ground.features.filter((one) => one.properties?.["level"] === "community").map((one) => String(one.properties?.["code"]));
      const holder = this.by("ground");
      holder.hidden = false;
      this.by("list").hidden = true; // the map needs its room before it is drawn
      this.map = ground.features.length
        ? await drawing.GridMap.draw(holder, ground, this.loads(), {
            large: this.isLarge(),
            still: this.data.big,
            words: this.data.words,
            describe: (row) => this.describe(row),
            onPick: (code) => void this.go(code === this.area() ? "" : code),
          })
        : null;
      this.map?.show(points.rows);
      this.map?.select(this.area());
      this.view(this.map ? "map" : "list");
      if (points.since !== this.data.since) await this.refresh();
      return points.since;
    } catch {
      this.view("list");
      return this.data.since;
    }
  }

  /** On a wall, and for who reads large print. */
  private isLarge(): boolean {
    return this.data.big || this.page.documentElement.dataset["size"] === "large";
  }

  private async chart(): Promise<void> {
    const { drawCharts } = await import("../charts/drawCharts");
    drawCharts(this.page, this.data.words, this.isLarge());
  }

  private async anew(): Promise<void> {
    try {
      await this.take({ since: "", rows: [], everything: true, seen: false });
    } catch {
      // the next question will tell that nobody answers
    }
  }

  private async take(news: News): Promise<void> {
    if (news.everything) this.map?.show((await json<News>(this.data.points)).rows);
    else this.map?.update(news.rows);
    if (news.everything || news.rows.length || news.seen) await this.refresh();
  }

  /** The parts of the page as the server draws them now. */
  private async refresh(): Promise<void> {
    const answer = await fetch(this.data.parts + location.search, { cache: "no-store", redirect: "manual" });
    if (!answer.ok) throw new Error(`parts: ${answer.status}`);
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    const changed = replaceParts(this.page, drawn);
    this.map?.colour(this.loads());
    this.map?.select(this.area());
    if (changed.includes("charts")) void this.chart();
    if (changed.includes("numbers")) this.speak();
    const head = drawn.querySelector<HTMLElement>("[data-since]");
    const title = this.page.querySelector("h1");
    if (title && head?.dataset["name"]) title.textContent = head.dataset["name"];
    this.hear(timeOf(answer));
  }

  private listen(): void {
    this.page.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-live]") : null;
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void this.goTo(new URL(link.href).search);
    });
    this.page.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.area()) void this.go("");
    });
    window.addEventListener("popstate", () => void this.arrive());
    const where = this.page.getElementById("where");
    if (where instanceof HTMLSelectElement) {
      where.addEventListener("change", () => void this.go(where.value === this.data.top ? "" : where.value));
      this.by("go").hidden = true;
    }
    this.by("switch").hidden = false;
    for (const button of this.page.querySelectorAll<HTMLElement>("[data-show]")) {
      button.addEventListener("click", () => this.view(button.dataset["show"] ?? "list"));
    }
  }

  private go(area: string): Promise<void> {
    const query = new URLSearchParams(location.search);
    if (area) query.set("area", area);
    else query.delete("area");
    return this.goTo(`?${query}`);
  }

  private async goTo(search: string): Promise<void> {
    history.pushState(null, "", location.pathname + (search === "?" ? "" : search));
    await this.arrive();
  }

  private async arrive(): Promise<void> {
    const where = this.page.getElementById("where");
    if (where instanceof HTMLSelectElement) where.value = this.area() || this.data.top;
    const all = this.page.getElementById("all");
    if (all) all.hidden = !this.area();
    this.map?.select(this.area());
    await this.refresh();
  }

  private area(): string {
    const code = new URLSearchParams(location.search).get("area") ?? "";
    return code === this.data.top ? "" : code;
  }

  /** Map or list; without a map the list alone, and a sentence that says so. */
  private view(wanted: string): void {
    const shown = this.map && wanted === "map" ? "map" : "list";
    this.by("ground").hidden = shown !== "map";
    this.by("list").hidden = shown === "map";
    for (const button of this.page.querySelectorAll<HTMLElement>("[data-show]")) {
      button.setAttribute("aria-pressed", String(button.dataset["show"] === shown));
      button.hidden = !this.map;
    }
    const notice = this.by("no-map");
    notice.hidden = this.map !== null;
    notice.textContent = this.data.words["noMap"] ?? "";
    if (this.map) this.legend(this.map.steps);
    if (shown === "map") this.map?.resize();
  }

  private legend(steps: [number, number, number]): void {
    const [one, two, three] = steps;
    const range = (from: number, to: number): string => (from === to ? `${to}` : `${from}–${to}`);
    const ranges = [range(0, one), range(one + 1, two), range(two + 1, three), `${three + 1}+`];
    const parts = ranges.map((words, step) => {
      const part = this.page.createElement("span");
      part.className = `legend__step legend__step--${step}`;
      part.textContent = words;
      return part;
    });
    const late = this.page.createElement("span");
    late.className = "legend__late";
    late.textContent = this.data.words["overdue"] ?? "";
    this.by("legend").replaceChildren(`${this.data.words["open"]} `, ...parts, late);
  }

  private loads(): Map<string, Load> {
    const rows = [...this.page.querySelectorAll<HTMLElement>("[data-grid]")];
    return new Map(rows.map((row) => [row.dataset["grid"] ?? "", { open: Number(row.dataset["open"]), overdue: Number(row.dataset["overdue"]) }]));
  }

  private describe(row: CaseRow): HTMLElement {
    const [number, , , state, , subclass, , overdue] = row;
    const box = this.page.createElement("p");
    const link = this.page.createElement("a");
    link.href = this.data.case.replace("NUMBER", number);
    link.textContent = `${this.data.subclasses[subclass] ?? subclass} ${number}`;
    const mark = overdue ? ` · ${this.data.words["overdue"]}` : "";
    box.append(link, this.page.createElement("br"), `${this.data.states[state] ?? state}${mark}`);
    return box;
  }

  /** A wall may go from community to community, slowly; Esc and every choice by hand still work. */
  private turn(): void {
    const ring = ["", ...this.communities];
    const next = ring[(ring.indexOf(this.area()) + 1) % ring.length] ?? "";
    const query = new URLSearchParams(location.search);
    if (next) query.set("area", next);
    else query.delete("area");
    history.replaceState(null, "", `?${query}`);
    void this.arrive();
  }

  private hear(at: Date): void {
    this.alive = at;
    this.heard = performance.now();
    this.tell();
  }

  /** When what is shown was true; grey and in words after two minutes of silence. */
  private tell(): void {
    const silent = (performance.now() - this.heard) / 1000;
    const line = this.by("as-of");
    const isStale = silent > this.data.stale;
    const time = this.alive.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: this.data.zone });
    const says = isStale ? `${fill(this.data.words["asOf"], time)} · ${fill(this.data.words["stale"], String(Math.floor(silent / 60)))}` : fill(this.data.words["asOf"], time);
    if (line.textContent !== says) line.textContent = says;
    this.page.documentElement.toggleAttribute("data-stale", isStale);
  }

  private signedOut(): void {
    const notice = this.by("as-of");
    const link = this.page.createElement("a");
    link.href = location.href;
    link.textContent = this.data.words["signedOut"] ?? "";
    this.tell = () => notice.replaceChildren(link);
    this.tell();
    this.page.documentElement.toggleAttribute("data-stale", true);
  }

  /** Said aloud at most twice a minute; whoever wants every step looks at the numbers. */
  private speak(): void {
    if (performance.now() - this.spoke < SPEAK_EVERY) return;
    this.spoke = performance.now();
    const [open, overdue] = [...this.page.querySelectorAll('[data-part="numbers"] .stat__value')].map((one) => one.textContent ?? "");
    this.by("said").textContent = (this.data.words["changed"] ?? "").replace("{open}", open ?? "").replace("{overdue}", overdue ?? "");
  }

  private by(id: string): HTMLElement {
    const found = this.page.getElementById(id);
    if (!found) throw new Error(`#${id} is missing`);
    return found;
  }
}

async function json<T>(url: string): Promise<T> {
  const answer = await fetch(url, { redirect: "manual" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as T;
}

function fill(words: string | undefined, value: string): string {
  return (words ?? "%s").replace("%s", value);
}

/** The own grid on a map drawn from our own borders, installing, and signing out. */
import type { Grid } from "../contact";
import { button, h, notice, say, type Child } from "../page";
import type { Session } from "../session";
import { countUnsent, isUnsent } from "../outbox";

const SVG = "http://www.w3.org/2000/svg";
const [WIDE, HIGH, EDGE] = [400, 300, 12];

/** Whether the question about unsent acts stands there, and whether sending them has failed: kept over each redraw. */
export interface Asking {
  asks: boolean;
  failed: boolean;
}

export interface Leaving {
  asking: Asking;
  keepLocked: () => Promise<void>;
  wipe: () => Promise<void>;
}

export function me(session: Session, leaving: Leaving, install: (() => void) | undefined): Child[] {
  const lasting = h("p", { class: "field__hint" });
  void navigator.storage?.persisted?.().then((yes) => (lasting.textContent = say(yes ? "lasting" : "not_lasting")));
  return [
    h("h1", { tabindex: "-1" }, session.person.name),
    h("h2", {}, say("map")),
    map(session),
    h("p", { class: "field__hint" }, say("small_print")),
    h("h2", {}, say("install")),
    ...installing(install),
    lasting,
    h("h2", {}, say("sign_out")),
    h("div", { id: "leaving" }, ...signingOut(session, leaving, session.entries.filter(isUnsent).length)),
  ];
}

/** How to install, until it is. */
export function installing(install: (() => void) | undefined): Child[] {
  if (isInstalled()) return [h("p", {}, say("installed"))];
  return [h("p", {}, say("install_why")), install ? button(say("install_now"), install) : undefined, h("p", {}, say("install_android")), h("p", {}, say("install_ios"))];
}

export function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
}

function signingOut(session: Session, leaving: Leaving, unsent: number): HTMLElement[] {
  const { asking, keepLocked, wipe } = leaving;
  const ask = async (change: Partial<Asking>): Promise<void> => {
    const left = await countUnsent(session.store, session.person.user);
    if (left === 0) return keepLocked();
    Object.assign(asking, change);
    document.getElementById("leaving")?.replaceChildren(...signingOut(session, leaving, left));
    document.getElementById("unsent")?.focus();
  };
  if (!asking.asks) return [button(say("sign_out"), () => void ask({ asks: true }), "button--second")];
  const drop = async (): Promise<void> => {
    if (confirm(say("sign_out_delete_sure"))) await wipe();
  };
  const choices = [
    button(say("sign_out_send"), () => void session.send().then(() => ask({ failed: true })), "button--wide"),
    button(say("sign_out_keep"), () => void keepLocked(), "button--second button--wide"),
    button(say("sign_out_delete"), () => void drop(), "button--danger button--wide"),
  ];
  return [
    h("div", { class: "card stack", role: "group", id: "unsent", tabindex: "-1", "aria-label": say("sign_out") },
      asking.failed && unsent > 0 && notice(say("still_unsent"), "notice--warning"),
      h("p", {}, unsent > 0 ? say("sign_out_unsent", { n: unsent }) : say("all_sent")),
      ...(unsent > 0 ? choices : [button(say("sign_out"), () => void keepLocked(), "button--wide")])),
  ];
}

function map(session: Session): HTMLElement {
  const grids = session.pocket.grids;
  const own = grids.filter((grid) => grid.own);
  if (own.length === 0) return h("p", {}, say("no_map"));
  const place = placing(own.flatMap(points));
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", own.map((grid) => grid.name).join(say("list_mark")));
  const dots = session.pocket.cases.flatMap((one) => (one.lon === undefined || one.lat === undefined ? [] : [place(one.lon, one.lat)]));
  for (const grid of [...grids.filter((one) => !one.own), ...own]) drawn.append(shape("path", { d: path(grid, place), class: grid.own ? "outline__area outline__area--subject" : "outline__area" }));
  if (own.length > 1) for (const grid of own) drawn.append(label(grid, place));
  for (const [x, y] of dots) drawn.append(shape("circle", { cx: x, cy: y, r: 6, class: "outline__dot" }));
  const [only, another] = own; // one grid has its name below, where no dot lies on it
  return h("figure", { class: "outline" }, drawn, only && !another && h("figcaption", { class: "small" }, only.name));
}

type Point = [number, number];
type Placing = (lon: number, lat: number) => Point;

function rings(grid: Grid): Point[][] {
  const { type, coordinates } = grid.border;
  return type === "Polygon" ? (coordinates as Point[][]) : (coordinates as Point[][][]).flat();
}

function points(grid: Grid): Point[] {
  return rings(grid).flat();
}

/** One degree of longitude as long as it is there, north up. */
function placing(all: Point[]): Placing {
  const lons = all.map(([lon]) => lon);
  const lats = all.map(([, lat]) => lat);
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const shorter = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((WIDE - 2 * EDGE) / Math.max((east - west) * shorter, 1e-9), (HIGH - 2 * EDGE) / Math.max(north - south, 1e-9));
  const left = (WIDE - (east - west) * shorter * scale) / 2;
  const top = (HIGH - (north - south) * scale) / 2;
  return (lon, lat) => [Math.round((left + (lon - west) * shorter * scale) * 10) / 10, Math.round((top + (north - lat) * scale) * 10) / 10];
}

function path(grid: Grid, place: Placing): string {
  return rings(grid).map((ring) => `M${ring.map(([lon, lat]) => place(lon, lat).join(",")).join(" L")} Z`).join(" ");
}

function label(grid: Grid, place: Placing): SVGElement {
  const all = points(grid).map(([lon, lat]) => place(lon, lat));
  const middle = (at: 0 | 1): number => (Math.min(...all.map((one) => one[at])) + Math.max(...all.map((one) => one[at]))) / 2;
  const made = shape("text", { x: middle(0), y: middle(1), "text-anchor": "middle" });
  made.textContent = grid.name;
  return made;
}

function shape(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

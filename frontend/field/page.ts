/** Small tools for drawing: elements, sentences of the server, time in words. */
export type Child = Node | string | undefined | false;
type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>;

interface Told {
  words: Record<string, string>;
  tiles: { code: string; name: string; condition: string }[];
  csrf: string;
  login: string;
  logout: string;
}

export const told = JSON.parse(document.getElementById("told")?.textContent ?? "{}") as Told;

/** A sentence by its name, with `{n}` and the like filled. */
export function say(name: string, facts: Record<string, string | number> = {}): string {
  const sentence = told.words[name] ?? name;
  return sentence.replace(/\{(\w+)\}/g, (whole, fact: string) => String(facts[fact] ?? whole));
}

/** An element; functions among the attributes listen. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return made;
}

export function icon(name: string): HTMLElement {
  return h("span", { class: `icon icon--${name}`, "aria-hidden": "true" });
}

export function button(label: string, press: (event: Event) => void, look = "", picture = ""): HTMLElement {
  return h("button", { type: "button", class: `button ${look}`.trim(), click: press }, picture ? icon(picture) : undefined, label);
}

export function link(label: string, href: string, look = "button--second"): HTMLElement {
  return h("a", { href, class: `button ${look}`.trim() }, label);
}

export function empty(what: string, more: string, ...next: Child[]): HTMLElement {
  return h("div", { class: "empty" }, h("p", { class: "empty__what" }, what), h("p", {}, more), ...next);
}

export function notice(words: string, look = ""): HTMLElement {
  return h("div", { class: `notice ${look}`.trim(), role: "status" }, h("p", {}, words));
}

export function pill(state: string, label: string): HTMLElement {
  return h("span", { class: `pill pill--${state}` }, label);
}

export function toast(words: string): void {
  const region = document.getElementById("toasts") ?? document.body.appendChild(h("div", { id: "toasts", class: "toasts", role: "status", "aria-live": "polite" }));
  const shown = h("p", { class: "toast" }, words);
  region.replaceChildren(shown);
  setTimeout(() => shown.remove(), 4000);
}

/** The time left of a matter, marked once it is over. */
export function leftOf(one: { overdue?: boolean | undefined; due_at?: string | undefined }, now: number, byDay: boolean): HTMLElement {
  return h("span", { class: one.overdue || isOver(one.due_at, now, byDay) ? "left left--overdue" : "left" }, timeLeft(one.due_at, now, byDay));
}

/** “3 hours left”, by the server's clock. */
function timeLeft(due: string | undefined, now: number, byDay = false): string {
  if (!due) return say("no_limit");
  if (byDay) return daysLeft(Math.round((dayOf(Date.parse(due)) - dayOf(now)) / 86_400_000));
  const left = Date.parse(due) - now;
  return say(left < 0 ? "over" : "left", { time: span(Math.abs(left)) });
}

/** A deadline has passed; one that is told by the day passes with its day. */
function isOver(due: string | undefined, now: number, byDay = false): boolean {
  return due !== undefined && Date.parse(due) < (byDay ? dayOf(now) : now);
}

function daysLeft(days: number): string {
  return days === 0 ? say("due_today") : say(days < 0 ? "over" : "left", { time: counted("day", Math.abs(days)) });
}

function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes >= 48 * 60) return counted("day", Math.floor(minutes / 1440));
  return minutes >= 120 ? counted("hour", Math.floor(minutes / 60)) : counted("minute", minutes);
}

function counted(unit: string, n: number): string {
  return say(n === 1 ? unit : `${unit}s`, { n });
}

/** As the pages of the program write it in every language: 11-27 09:15. */
export function clock(at: number): string {
  const format: Intl.DateTimeFormatOptions = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const part = Object.fromEntries(new Intl.DateTimeFormat("en", format).formatToParts(at).map((one) => [one.type, one.value]));
  return `${part["month"]}-${part["day"]} ${part["hour"]}:${part["minute"]}`;
}

/** A name of the data in the reader's language. */
export function inLanguage(names: Record<string, string>): string {
  return names[document.documentElement.lang.toLowerCase()] ?? names["zh-hans"] ?? Object.values(names)[0] ?? "";
}

/** One contact with the server: whose session this is, its clock, what may be taken along; and, when there is no session,
 * whether a phone that was lost must forget. Knows no page. */
import { dropFiles } from "./caseFile";
import { admit, forgetCopies, keepCopy, noteEnded, onlyFor, wipe, type Person, type Store } from "./store";
import { openIfOwn, seal } from "./vault";

export interface Ask {
  name: string;
  kind: string;
  label: string;
  required: boolean;
  choices?: Record<string, string>;
  hint?: string;
}

export interface Move {
  code: string;
  name: string;
  asks?: Ask[];
  note?: string;
}

export interface PocketCase {
  case: { number: string; version: number; state: string; area: string; due_at?: string; overdue?: boolean; emergency?: boolean; sensitivity?: string };
  category: Record<string, string>;
  holder: string;
  mine: boolean;
  readable: boolean;
  text?: string;
  place?: string;
  lon?: number;
  lat?: number;
  moves?: Move[];
}

/** Its moments are told as days: the beginning of a day stands for the whole of it. */
export function byDay(one: PocketCase): boolean {
  return one.case.sensitivity === "confidential";
}

export interface Grid {
  code: string;
  name: string;
  own: boolean;
  border: { type: string; coordinates: unknown };
}

export interface Place {
  id: string;
  number: string;
  name: string;
  kind: string;
  state: "fine" | "finding" | "unreached" | null;
  faults?: string[]; // codes of the checklist
}

export interface Round {
  id: string;
  plan: { code: string; name: string; kind: string };
  grid: { code: string; name: string };
  due?: string;
  closed: boolean;
  places: Place[];
  checklist?: { code: string; label: string }[];
}

export interface Visit {
  id: string;
  begins: string;
  purpose: string;
  where: string;
  state: string;
}

export interface Pocket {
  at: number;
  cases: PocketCase[];
  grids: Grid[];
  rounds: Round[];
  visits: Visit[];
}

/** `changed`: somebody signed in or out meanwhile, so that the answer is nobody's any more. */
export type Met = { kind: "here"; person: Person } | { kind: "offline" } | { kind: "later" } | { kind: "sign-in" } | { kind: "lost" } | { kind: "changed" };

const POCKET = "pocket";

export interface Meeting {
  fetch: typeof globalThis.fetch;
  token: () => string | null; // of this device's session; null: this contact does not count any more
  signOut: () => Promise<boolean>; // ends the session of somebody who signed out while there was no network
}

export async function meet(store: Store, { fetch, token: read, signOut }: Meeting, clock = Date.now): Promise<Met> {
  try {
    const token = read();
    const before = clock();
    const answer = await fetch("/api/v1/field", { credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return await withoutSession(store, fetch);
    if (!isJson(answer) || !answer.ok) return answer.status < 400 ? await withoutSession(store, fetch) : { kind: "later" };
    const told = (await answer.json()) as { now: string; user: string; name: string; device: string } & Pick<Pocket, "cases" | "grids">;
    const after = clock();
    const known = await store.get("people", told.user);
    if (token === null || read() !== token) return { kind: "changed" }; // before anybody's session is ended
    if (known?.leaving && known.token !== token) await noteEnded(store, told.user); // this is a later session
    else if (known?.leaving) {
      if (!(await signOut())) return { kind: "offline" };
      await noteEnded(store, told.user);
      return { kind: "sign-in" };
    }
    if (token === null || read() !== token) return { kind: "changed" };
    const offset = Math.round(Date.parse(told.now) - (before + after) / 2);
    const person = await admit(store, { user: told.user, name: told.name, device: told.device, offset, token });
    if (!person) return { kind: "changed" };
    const pocket: Pocket = { at: after, cases: told.cases, grids: told.grids, ...(await patrols(fetch, person, await readPocket(store, person))) };
    await keepPocket(store, person, pocket);
    await dropFiles(store, person, new Set(pocket.cases.map((one) => one.case.number)));
    return { kind: "here", person };
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || isAborted(error)) return { kind: "offline" };
    throw error;
  }
}

export async function readPocket(store: Store, person: Person): Promise<Pocket | undefined> {
  const row = await store.get("copies", [person.user, POCKET]);
  return row && openIfOwn<Pocket>(person.key, row.sealed, POCKET);
}

async function keepPocket(store: Store, person: Person, pocket: Pocket): Promise<void> {
  const sealed = await seal(person.key, pocket, POCKET);
  await keepCopy(store, person, POCKET, sealed);
}

async function patrols(fetch: typeof globalThis.fetch, person: Person, kept?: Pocket): Promise<Pick<Pocket, "rounds" | "visits">> {
  const answer = await fetch("/api/v1/patrols/today", { credentials: "same-origin", cache: "no-store", headers: onlyFor(person) });
  if (answer.status === 404 || answer.status === 403) return { rounds: [], visits: [] };
  if (!answer.ok || !isJson(answer)) return { rounds: kept?.rounds ?? [], visits: kept?.visits ?? [] };
  const told = (await answer.json()) as Partial<Pocket>;
  return { rounds: told.rounds ?? [], visits: told.visits ?? [] };
}

/** Without a session each person of this phone is asked about: a phone reported lost deletes their key and outbox. */
async function withoutSession(store: Store, fetch: typeof globalThis.fetch): Promise<Met> {
  let lost = false;
  for (const person of await store.getAll("people")) {
    if (person.leaving) await noteEnded(store, person.user); // it is over
    if (person.locked) await forgetCopies(store, person.user); // signed out on another page
    if (!person.device || !(await wasLost(fetch, person.device))) continue;
    await wipe(store, person.user);
    lost = true;
  }
  return { kind: lost ? "lost" : "sign-in" };
}

async function wasLost(fetch: typeof globalThis.fetch, device: string): Promise<boolean> {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/api/v1/field/device", { method: "POST", body: JSON.stringify({ device }), headers, credentials: "omit" });
  return answer.ok && isJson(answer) && ((await answer.json()) as { lost: boolean }).lost;
}

function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function isJson(answer: Response): boolean {
  return !answer.redirected && (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
}

/** One contact with the server: whose session this is, its clock, what may be taken along; and, when there is no session,
 * whether a phone that was lost must forget. Knows no page. */
import { dropFiles } from "./caseFile";
import { admit, keepCopy, remember, wipe, type Person, type Store } from "./store";
import { open, seal } from "./vault";

export interface Ask {
  name: string;
  kind: string;
  label: string;
  required: boolean;
  choices?: Record<string, string>;
}

export interface Move {
  code: string;
  name: string;
  asks?: Ask[];
  note?: string;
}

export interface PocketCase {
  case: { number: string; version: number; state: string; area: string; due_at?: string; overdue?: boolean; emergency?: boolean };
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

export type Met = { kind: "here"; person: Person; pocket: Pocket } | { kind: "offline" } | { kind: "sign-in" } | { kind: "lost" };

const POCKET = "pocket";

/** `signOut` ends the session of somebody who signed out while there was no network. */
export async function meet(store: Store, fetch: typeof globalThis.fetch, signOut: () => Promise<boolean>, clock = Date.now): Promise<Met> {
  try {
    const before = clock();
    const answer = await fetch("/api/v1/field", { credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return await withoutSession(store, fetch);
    if (!isJson(answer) || !answer.ok) return answer.status < 400 ? await withoutSession(store, fetch) : { kind: "offline" };
    const told = (await answer.json()) as { now: string; user: string; name: string; device: string } & Pick<Pocket, "cases" | "grids">;
    const after = clock();
    if ((await store.get("people", told.user))?.leaving) {
      if (!(await signOut())) return { kind: "offline" };
      await remember(store, told.user, { leaving: false });
      return { kind: "sign-in" };
    }
    const offset = Math.round(Date.parse(told.now) - (before + after) / 2);
    await admit(store, told.user, told.name);
    await remember(store, told.user, { device: told.device, offset });
    const person = await store.get("people", told.user);
    if (!person) return { kind: "lost" };
    const pocket: Pocket = { at: after, cases: told.cases, grids: told.grids, ...(await patrols(fetch, await readPocket(store, person))) };
    await keepPocket(store, person, pocket);
    await dropFiles(store, person, new Set(pocket.cases.map((one) => one.case.number)));
    return { kind: "here", person, pocket };
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return { kind: "offline" };
    throw error;
  }
}

export async function readPocket(store: Store, person: Person): Promise<Pocket | undefined> {
  const row = await store.get("copies", [person.user, POCKET]);
  return row && open<Pocket>(person.key, row.sealed, POCKET);
}

async function keepPocket(store: Store, person: Person, pocket: Pocket): Promise<void> {
  const sealed = await seal(person.key, pocket, POCKET);
  await keepCopy(store, { user: person.user, name: POCKET, sealed });
}

async function patrols(fetch: typeof globalThis.fetch, kept?: Pocket): Promise<Pick<Pocket, "rounds" | "visits">> {
  const answer = await fetch("/api/v1/patrols/today", { credentials: "same-origin", cache: "no-store" });
  if (answer.status === 404 || answer.status === 403) return { rounds: [], visits: [] };
  if (!answer.ok || !isJson(answer)) return { rounds: kept?.rounds ?? [], visits: kept?.visits ?? [] };
  const told = (await answer.json()) as Partial<Pocket>;
  return { rounds: told.rounds ?? [], visits: told.visits ?? [] };
}

/** Without a session each person of this phone is asked about: a phone reported lost deletes their key and outbox. */
async function withoutSession(store: Store, fetch: typeof globalThis.fetch): Promise<Met> {
  let lost = false;
  for (const person of await store.getAll("people")) {
    if (person.leaving) await remember(store, person.user, { leaving: false }); // it is over
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

function isJson(answer: Response): boolean {
  return !answer.redirected && (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
}

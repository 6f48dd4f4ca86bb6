/** Sends the outbox, exactly once in effect.
 *
 *   one at a time   `alone` (navigator.locks) lets one tab drain; the server does each id once anyway
 *   same words      the body is fixed in the store before the first try, so a repeat is the same request; only when it
 *                   is sent is said anew each time (the server leaves that out when it compares)
 *   leaves on proof an act leaves only after a 2xx answer in JSON
 *   stop and keep   no network, no JSON (a log-in page), 401, 403 for the session, 408, 429, 5xx: everything stays
 *   too large       413 speaks of the act or photo itself, also when a proxy says it in HTML
 *   ask             any other refusal is for its author to decide; the acts behind it go on
 *
 * Photos go first. One the server will not take (too large, no picture) does not hold the act back: the act goes
 * without it, and the photo stays in the outbox as an act of its own that needs its author.
 * Knows no page: fetch, clock, lock and shrinking are handed in. */
import type { Act, Entry, Item, Photo, Problem } from "./outbox";
import { keep, list, photosOf, update } from "./outbox";
import { onlyFor, type Person, type Store } from "./store";

export type Stop = "done" | "busy" | "offline" | "sign-in" | "later";

export interface Ways {
  fetch: typeof fetch;
  now: () => number;
  csrf: () => string | null; // read at each sending: signing in changes it; null: somebody else may have signed in
  alone: (name: string, work: () => Promise<Stop>) => Promise<Stop>;
  shrink: (photo: Photo) => Promise<Blob>;
}

export interface Drained {
  stop: Stop;
  again?: number; // when the server wants to be asked again
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const LONGEST = 29 * 86_400_000; // the server keeps first answers for 30 days; an older try is its author's to decide
export const TOO_LARGE = "too_large";
const SESSION = new Set(["csrf", "second_factor"]);

class Halt extends Error {
  constructor(
    readonly stop: Stop,
    readonly again?: number,
  ) {
    super(stop);
  }
}

export async function drain(store: Store, person: Person, ways: Ways, noted: () => void = () => undefined): Promise<Drained> {
  let again: number | undefined;
  const stop = await ways.alone(outboxOf(person), async () => {
    try {
      for (const entry of await list(store, person)) {
        if (entry.state !== "waiting") continue;
        await send(store, person, ways, entry);
        noted();
      }
      return "done";
    } catch (error) {
      if (!(error instanceof Halt)) throw error;
      again = error.again;
      return error.stop;
    }
  });
  return again === undefined ? { stop } : { stop, again };
}

/** The name of the lock under which one tab at a time sends. */
export function outboxOf(person: Person): string {
  return `gewu-outbox-${person.user}`;
}

async function send(store: Store, person: Person, ways: Ways, entry: Entry): Promise<void> {
  const item = { ...entry.item };
  if (item.sending && ways.now() - item.sending.first > LONGEST) {
    await update(store, person, entry.id, "needs", { ...item, problem: { status: 0, code: "too_old", message: "", fields: [] } });
    return;
  }
  if (!item.sending) {
    await sendPhotos(store, person, ways, entry.id, item);
    item.sending = { body: bodyOf(entry.id, item), first: ways.now() };
    await update(store, person, entry.id, "waiting", item);
  }
  const sent = item.timed ? { sent_at: new Date(ways.now() + person.offset).toISOString() } : {};
  const answer = await post(ways, person, item.path, JSON.stringify({ ...item.sending.body, ...sent }), { "Content-Type": "application/json", "Idempotency-Key": entry.id });
  if (answer.status < 300) {
    await update(store, person, entry.id, "received", { ...item, answer: answer.body, receivedAt: ways.now() });
    return;
  }
  const problem = problemOf(answer);
  const photosAt = `/${(item.photosAt ?? "").replace(".", "/")}`;
  const forgotten = answer.status === 422 && item.photos.length > 0 && problem.fields.includes(photosAt);
  if (forgotten && Object.keys(item.remote).length > 0) {
    // The photos waited too long at the server and were swept; the act itself did not happen. Once more from the start.
    delete item.sending;
    item.remote = {};
    await update(store, person, entry.id, "waiting", item);
    throw new Halt("later");
  }
  if (problem.fields.includes("/condition") && item.body["condition"]) {
    // The kind that was chosen is no longer in the catalogue; the words are enough, and triage chooses anew.
    delete item.sending;
    item.body = { ...item.body, condition: "" };
    await update(store, person, entry.id, "waiting", item);
    throw new Halt("later");
  }
  await update(store, person, entry.id, "needs", { ...item, problem });
}

async function sendPhotos(store: Store, person: Person, ways: Ways, id: string, item: Item): Promise<void> {
  for (const photo of await photosOf(store, person, id)) {
    if (item.remote[photo.id] || !item.photos.includes(photo.id)) continue; // sent, or set aside
    const small = await ways.shrink(photo);
    const answer = await post(ways, person, "photos", small, { "Content-Type": small.type || "application/octet-stream" });
    if (answer.status < 300) {
      item.remote = { ...item.remote, [photo.id]: String(answer.body["id"]) };
    } else {
      await setAside(store, person, ways, item, photo, problemOf(answer));
      item.photos = item.photos.filter((one) => one !== photo.id);
    }
    await update(store, person, id, "waiting", item);
  }
}

/** A photo that the server refuses becomes an entry of its own, to be saved out or let go. */
async function setAside(store: Store, person: Person, ways: Ways, item: Item, photo: Photo, problem: Problem): Promise<void> {
  if (await store.get("items", photo.id)) return; // before the program ended the last time
  const act: Act = { kind: "photo", title: item.title, path: "", body: {}, problem, ...(item.about ? { about: item.about } : {}) };
  await keep(store, person, act, [new Blob([photo.bytes], { type: photo.type })], { state: "needs", id: photo.id, now: ways.now() });
}

function bodyOf(id: string, item: Item): Record<string, unknown> {
  const body = structuredClone(item.body);
  const photos = item.photos.flatMap((photo) => item.remote[photo] ?? []);
  if (item.photosAt === "photos") body["photos"] = photos;
  if (item.photosAt === "given.photos") body["given"] = { ...(body["given"] as object), photos };
  if (item.timed) Object.assign(body, { act: id, done_at: new Date(item.doneAt + item.offset).toISOString() });
  return body;
}

async function post(ways: Ways, person: Person, path: string, body: BodyInit, headers: Record<string, string>): Promise<Answer> {
  const token = ways.csrf();
  if (token === null) throw new Halt("sign-in");
  let response: Response;
  let words: string;
  try {
    const init: RequestInit = { method: "POST", body, headers: { ...headers, ...onlyFor(person), "X-CSRFToken": token }, credentials: "same-origin" };
    response = await ways.fetch(`/api/v1/${path}`, init);
    words = await response.text();
  } catch {
    throw new Halt("offline");
  }
  const { status } = response;
  const json = /^application\/(problem\+)?json/.test(response.headers.get("Content-Type") ?? "") && !response.redirected;
  if (status === 401) throw new Halt("sign-in");
  if (status === 408 || status === 429 || status >= 500) throw new Halt("later", againAt(response, ways.now()));
  if (status === 413) return { status, body: { code: TOO_LARGE, ...(json ? parsed(words) : {}) } };
  if (!json) throw new Halt(status === 403 || status < 400 ? "sign-in" : "later");
  const told = parsed(words);
  if (status === 403 && SESSION.has(String(told["code"]))) throw new Halt("sign-in");
  if (status === 409 && told["code"] === "in_progress") throw new Halt("later", againAt(response, ways.now()));
  return { status, body: told };
}

/** An answer that was cut off on the way proves nothing. */
function parsed(words: string): Record<string, unknown> {
  try {
    return JSON.parse(words) as Record<string, unknown>;
  } catch {
    throw new Halt("offline");
  }
}

function againAt(response: Response, now: number): number | undefined {
  const seconds = Number(response.headers.get("Retry-After"));
  return seconds > 0 ? now + seconds * 1000 : undefined;
}

function problemOf(answer: Answer): Problem {
  const faults = (answer.body["errors"] ?? []) as { pointer: string; message: string }[];
  const message = [answer.body["message"], ...faults.map((fault) => fault.message)].filter(Boolean).join(" ");
  return { status: answer.status, code: String(answer.body["code"] ?? ""), message, fields: faults.map((fault) => fault.pointer) };
}

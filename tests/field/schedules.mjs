/** Random schedules of bad luck between a phone and the running server: each act arrives exactly once.
 *
 *   node schedules.mjs URL COOKIE CSRF COUNT SEED     prints {"numbers": [...], "bad": {...}} on its last line
 *
 * One schedule is one phone with its own store. Luck is drawn per request: it never leaves, its answer is lost, it is sent
 * twice at once, it comes back as a log-in page, a 503, a cut-off answer, or the program dies before it can note the
 * answer. Two tabs may drain at once, with and without the lock. A schedule ends in calm weather, as days do. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import "fake-indexeddb/auto";
import { bundle } from "./bundle.mjs";

const [url, cookie, csrf, count, seed] = process.argv.slice(2);
const AT_ONCE = 32;
const WORKER = { user: "worker_a1", name: "Worker", token: csrf, device: "", offset: 0 };
const LUCK = ["fine", "fine", "never-leaves", "answer-lost", "twice", "login-page", "busy", "cut-off", "dies"];
const bad = Object.fromEntries(LUCK.map((name) => [name, 0]));
const { openStore, admit, keep, list, drain, countUnsent, outDir } = await bundle();

/** Mulberry32: the same seed gives the same schedules. */
function chance(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

class Died extends Error {}

function network(draw) {
  let calm = false;
  const send = (path, init) => fetch(url + path, { ...init, headers: { ...init.headers, Cookie: cookie, Origin: url } });
  const unlucky = async (path, init) => {
    const luck = calm ? "fine" : LUCK[Math.floor(draw() * LUCK.length)];
    bad[luck] += 1;
    if (luck === "never-leaves") throw new TypeError("no network");
    if (luck === "login-page") return new Response("<html>log in</html>", { headers: { "Content-Type": "text/html" } });
    if (luck === "busy") return new Response("{}", { status: 503, headers: { "Content-Type": "application/json" } });
    if (luck === "twice") {
      const [one, other] = await Promise.allSettled([send(path, init), send(path, init)]);
      const [heard, unheard] = draw() < 0.5 ? [one, other] : [other, one];
      await unheard.value?.arrayBuffer(); // else its connection is lost to the phones that come later
      return heard.value;
    }
    const answer = await send(path, init);
    if (luck === "answer-lost" || luck === "dies") await answer.arrayBuffer();
    if (luck === "answer-lost") throw new TypeError("connection reset");
    if (luck === "cut-off") return new Response((await answer.text()).slice(0, 9), { status: answer.status, headers: answer.headers });
    if (luck === "dies") throw new Died();
    return answer;
  };
  return { fetch: unlucky, calmDown: () => (calm = true) };
}

function ways(net, locks) {
  const alone = async (name, work) => {
    if (locks?.has(name)) return "busy";
    locks?.add(name);
    try {
      return await work();
    } finally {
      locks?.delete(name);
    }
  };
  return { fetch: net.fetch, now: Date.now, csrf: () => csrf, alone, shrink: async ({ bytes, type }) => new Blob([bytes], { type }) };
}

async function tab(name, net, locks, draw) {
  const store = await openStore(name); // what a crash leaves behind is what lies in the store
  const person = await admit(store, WORKER);
  try {
    await drain(store, person, ways(net, draw() < 0.8 ? locks : undefined));
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  } finally {
    store.close();
  }
}

async function schedule(number) {
  const draw = chance(Number(seed) * 1_000_003 + number);
  const name = `phone-${seed}-${number}`;
  const net = network(draw);
  const locks = new Set();
  const store = await openStore(name);
  const person = await admit(store, WORKER);
  const acts = draw() < 0.75 ? 1 : 2;
  const kept = new Set();
  const order = [];
  for (let act = 0; act < acts; act += 1) {
    const body = { text: `巡查发现 ${seed}-${number}-${act}`, place: { area: "a1" }, source: "worker", wants_answer: false };
    kept.add(await keep(store, person, { kind: "report", title: "", path: "reports", timed: true, body }, []));
    if (draw() < 0.3) order.push(tab(name, net, locks, draw)); // sent while the next one is written
  }
  await Promise.all(order);
  for (let round = Math.floor(draw() * 4); round > 0; round -= 1) {
    await Promise.all(draw() < 0.3 ? [tab(name, net, locks, draw), tab(name, net, locks, draw)] : [tab(name, net, locks, draw)]);
  }
  net.calmDown();
  for (let tries = 0; tries < 5 && (await countUnsent(store, "worker_a1")) > 0; tries += 1) await tab(name, net, locks, draw);
  const entries = await list(store, person);
  assert.deepEqual(new Set(entries.map((entry) => entry.id)), kept, `${name}: an act was lost on the phone`);
  assert.deepEqual([...new Set(entries.map((entry) => entry.state))], ["received"], `${name}: ${JSON.stringify(entries)}`);
  store.close();
  indexedDB.deleteDatabase(name); // a thousand phones are much to keep in memory
  return entries.map((entry) => entry.item.answer.number);
}

const numbers = [];
let next = 0;
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  while (next < Number(count)) numbers.push(...(await schedule(next++)));
}));
await rm(outDir, { recursive: true, force: true });
console.log(JSON.stringify({ numbers, bad }));

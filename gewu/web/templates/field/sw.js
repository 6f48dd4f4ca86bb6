/* Keeps the app's page and its files on the phone. Nothing else passes through here: no answer of the API, nothing
   that was sent, no redirect, no page of another person. */
const CACHE = "gewu-field-{{ version }}";
const PAGE = "{{ page }}";
const FILES = {{ files|safe }};
const PATIENCE = 4000;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await keep(PAGE, await fetch(PAGE, { cache: "no-store" }));
  await self.skipWaiting();
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("gewu-field-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/* The newest page if the network gives it soon, else the one that was kept. */
async function page(request) {
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const fresh = fetch(request).then((answer) => keep(PAGE, answer), () => undefined);
  const kept = await caches.match(PAGE, { ignoreVary: true });
  return (await (kept ? Promise.race([fresh, late]) : fresh)) ?? kept ?? Response.error();
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function keep(name, answer) {
  if (!answer.ok || answer.redirected || answer.type !== "basic") return undefined;
  await (await caches.open(CACHE)).put(name, answer.clone());
  return answer;
}

/** What neighbours have reported here already, as soon as place and kind are chosen: `<form data-known="address">` with
 * an element `data-known-here` inside. Without script, and when the line is down, the server asks in between. */
const ASKED = ["tile", "condition", "lon", "lat", "system"];

export function showKnownHere(root: ParentNode): void {
  const form = root.querySelector<HTMLFormElement>("form[data-known]");
  const part = form?.querySelector<HTMLElement>("[data-known-here]");
  if (!form || !part) return;
  let last = "";
  form.addEventListener("change", async (event) => {
    if (!(event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)) return;
    const asked = question(new FormData(form));
    if (asked === last) return;
    last = asked;
    const answer = asked && (await fetch(`${form.dataset["known"]}?${asked}`).catch(() => null));
    if (asked !== last) return; // another choice was made meanwhile
    part.innerHTML = answer && answer.ok ? await answer.text() : "";
  });
}

/** Empty while place or kind is missing. */
function question(typed: FormData): string {
  const asked = new URLSearchParams();
  for (const name of ASKED) if (typed.get(name)) asked.set(name, String(typed.get(name)));
  if (typed.get("sign")) asked.set("at", String(typed.get("sign")));
  const placed = asked.has("at") || (asked.has("lon") && asked.has("lat"));
  return placed && (asked.has("tile") || asked.has("condition")) ? asked.toString() : "";
}

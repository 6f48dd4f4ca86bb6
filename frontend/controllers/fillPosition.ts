/** "It is where I am now": asks the device once, when pressed, and puts the position into the form's own fields, where
 * it can be seen and taken out. The button shows only where a device can say where it is. */
export function fillPosition(root: ParentNode): void {
  const part = root.querySelector<HTMLElement>("[data-position]");
  const form = part?.closest("form");
  if (!part || !form || !("geolocation" in navigator)) return;
  part.hidden = false;
  const said = part.querySelector("[role=status]");
  const say = (words: string): void => void (said && (said.textContent = part.dataset[words] ?? ""));
  part.querySelector("button")?.addEventListener("click", () => {
    say("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(form, "lon", coords.longitude.toFixed(6));
        put(form, "lat", coords.latitude.toFixed(6));
        put(form, "system", "wgs84");
        say("said");
        if (part.dataset["sends"]) form.submit(); // a page that only looks
      },
      () => say("refused"),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}

function put(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

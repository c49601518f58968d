/* Maps that can be moved and led through time, where scripts run. They show what the page says already, and nothing else. */

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const byFinger = matchMedia("(pointer: coarse)").matches;
const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);
const written = new Intl.NumberFormat(language);
const monthly = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
const countries = new Intl.DisplayNames([language], { type: "region" });

const APART = 30; // pixels between two dots below which they are drawn as one
const PACE = 700; // milliseconds that a step of time is shown
const CLOSEST = 9; // zoom beyond which outlines alone say nothing more

for (const figure of document.querySelectorAll("figure[data-map]")) {
  const told = JSON.parse(document.getElementById(figure.dataset.map).textContent);
  const offer = figure.querySelector("button.open-map");
  if (!offer) open(figure, told);
  else {
    offer.hidden = false;
    offer.addEventListener("click", () => open(figure, told).then((map) => map.getContainer().focus()), { once: true });
  }
}

async function open(figure, told) {
  await leaflet(figure.dataset);
  const outlines = await (await fetch(figure.dataset.outlines)).json();
  const canvas = made("div", "canvas");
  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", told.words.map);
  figure.querySelector("svg").replaceWith(canvas);
  figure.querySelector("button.open-map")?.remove();
  figure.classList.add("moving");
  const map = ground(canvas, figure.dataset, outlines, told.words);
  const places = new Places(map, told);
  map.fitBounds(sight(told, figure.dataset.focus), { animate: false, maxZoom: 7, padding: [24, 24] });
  places.draw();
  map.on("zoomend", () => places.draw());
  const time = figure.parentElement.querySelector(".time");
  if (time && told.steps > 1) leadThroughTime(time, figure, places, told);
  const here = figure.parentElement.querySelector(".search-here");
  if (here) searchHere(here, map);
  return map;
}

/* Leaflet and its look, fetched when the first map is opened. */
async function leaflet({ leaflet: src, look: href }) {
  if (!document.querySelector(`link[href="${href}"]`)) await fetched("link", { rel: "stylesheet", href });
  if (!window.L) await fetched("script", { src });
}

function fetched(name, addressed) {
  return new Promise((onload, onerror) => document.head.append(Object.assign(made(name), addressed, { onload, onerror })));
}

/* The map without events: outlines and names of countries, or the tiles that were configured. */
function ground(canvas, { tiles, tilesAttribution, frame, seat, credit }, outlines, words) {
  const [west, south, east, north] = frame.split(",").map(Number);
  const [high, wide] = [(north - south) * 0.8, (east - west) * 0.9];
  const map = L.map(canvas, {
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: false, // the page scrolls, until the map was chosen
    dragging: !byFinger, // one finger moves the page, two the map
    minZoom: Math.max(1, Math.min(6, Math.floor(Math.log2((360 / (east - west)) * 1.1)))),
    zoomSnap: 0.5,
    maxZoom: tiles ? 16 : CLOSEST,
    maxBounds: [[Math.max(south - high, -85), west - wide], [Math.min(north + high, 85), east + wide]],
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  L.control.attribution({ prefix: "Leaflet" }).addAttribution(tiles ? tilesAttribution : credit).addTo(map);
  if (tiles) L.tileLayer(tiles, { maxZoom: 16 }).addTo(map);
  L.geoJSON(outlines, {
    interactive: false,
    style: ({ properties }) => ({ className: tiles ? "border" : seat.split("|").includes(properties.name) ? "seat" : "land" }),
    onEachFeature: ({ properties }, shape) => {
      if (!tiles) named(properties.iso ? countries.of(properties.iso) : properties.name, shape.getBounds().getCenter(), "country").addTo(map);
    },
  }).addTo(map);
  return map;
}

function named(name, at, kind) {
  const text = made("span", "", name);
  return L.marker(at, { icon: L.divIcon({ className: `name ${kind}`, html: text, iconSize: [0, 0] }), interactive: false, keyboard: false });
}

/* What to have in sight at first: the stretch that was asked for, the place of the page, or where the dots are. */
function sight({ box, places, here }, focus) {
  const [west, south, east, north] = focus.split(",").map(Number);
  if (box) return [[box[1], box[0]], [box[3], box[2]]];
  const own = places.find((place) => place.key === here);
  if (own) return L.latLng(own.at).toBounds(2000 * Math.max(own.reach * 1.15, 120));
  const whole = L.latLngBounds([south, west], [north, east]);
  const within = places.filter((place) => !place.reach && whole.contains(place.at));
  return within.length ? L.latLngBounds(within.map((place) => place.at)) : whole;
}

/* Places as dots with the number of their events; as dashed circles where no point is known; near ones as one. */
class Places {
  constructor(map, { places, words, here }) {
    Object.assign(this, { map, words, here, shown: places.map((place) => ({ ...place })) });
    this.layer = L.layerGroup().addTo(map);
    map.getContainer().addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
  }

  /* Only the events that `count(place)` counts; a place without any is not drawn. */
  recount(count) {
    for (const place of this.shown) place.number = count(place);
    this.draw();
  }

  draw() {
    this.layer.clearLayers();
    const drawn = this.shown.filter((place) => place.number || place.key === this.here);
    const [areas, dots] = [true, false].map((wide) => drawn.filter((place) => Boolean(place.reach) === wide));
    for (const place of areas) this.circle(place);
    const marks = this.grouped(areas).map((group) => this.dot(group, "somewhere", 14, 4));
    this.name(this.grouped(dots).map((group) => this.dot(group, "dot", 16, 6)), marks);
  }

  /* The busiest first; each takes in those that would touch it. */
  grouped(places) {
    const left = places.map((place) => ({ place, at: this.map.latLngToLayerPoint(place.at) }));
    left.sort((one, other) => other.place.number - one.place.number);
    const groups = [];
    while (left.length) {
      const first = left.shift();
      const group = [first.place];
      for (let each = left.length - 1; each >= 0; each--) {
        if (first.at.distanceTo(left[each].at) < APART) group.push(...left.splice(each, 1).map(({ place }) => place));
      }
      groups.push(group);
    }
    return groups;
  }

  circle(place) {
    const circle = L.circle(place.at, { radius: place.reach * 1000, className: place.key === this.here ? "area here" : "area" });
    circle.bindPopup(() => this.told([place])).addTo(this.layer);
  }

  dot(group, kind, smallest, growth) {
    const size = Math.round(smallest + growth * Math.log2(1 + total(group)));
    const more = [group.length > 1 && "several", group.some((place) => place.key === this.here) && "here"].filter(Boolean);
    const marker = this.marker(group, [kind, ...more].join(" "), size);
    return { marker: marker.addTo(this.layer), group, size, at: this.map.latLngToLayerPoint(group[0].at) };
  }

  /* Names beside the dots, the busiest first, as long as they cover nothing. */
  name(dots, marks) {
    const taken = [...dots, ...marks].map(({ at, size }) => L.bounds(at.subtract([size / 2, size / 2]), at.add([size / 2, size / 2])));
    for (const { marker, group, size, at } of dots) {
      const start = at.add([size / 2 + 3, -8]);
      const box = L.bounds(start, start.add([group[0].name.length * 7.2, 16]));
      if (taken.some((other) => other.overlaps(box))) continue;
      taken.push(box);
      marker.getElement().append(made("b", "", group[0].name));
    }
  }

  marker(group, kind, size) {
    const number = total(group);
    const names = group.map((place) => place.name).join(", ");
    const icon = L.divIcon({ className: kind, html: made("span", "", number ? written.format(number) : ""), iconSize: [size, size] });
    const marker = L.marker(group[0].at, { icon, riseOnHover: true, zIndexOffset: kind.startsWith("dot") ? 1000 : 0 });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", number ? `${names}: ${this.events(number)}` : names));
    const apart = group.some((place) => L.latLng(place.at).distanceTo(group[0].at) > 500);
    if (apart && this.map.getZoom() < this.map.getMaxZoom()) {
      marker.on("click keypress", ({ type, originalEvent }) => {
        if (type === "keypress" && originalEvent.key !== "Enter") return;
        this.map.fitBounds(L.latLngBounds(group.map((place) => place.at)), { animate: !still, padding: [60, 60] });
        this.map.getContainer().focus({ preventScroll: true }); // the dot that had it is gone
      });
    } else {
      marker.bindPopup(() => this.told(group));
      marker.on("popupopen", ({ popup }) => popup.getElement().querySelector("a[href]:not([href='#'])")?.focus({ preventScroll: true }));
      marker.on("popupclose", () => marker.getElement()?.focus({ preventScroll: true }));
    }
    return marker;
  }

  told(group) {
    const list = made("ul", "told-places");
    for (const place of group) {
      const line = list.appendChild(made("li"));
      line.append(link(place.page, place.name), made("span", "small", place.said));
      if (place.number && place.query !== undefined) line.append(link(this.words.home + place.query, this.events(place.number)));
      else if (place.number) line.append(made("span", "", this.events(place.number)));
    }
    return list;
  }

  events(number) {
    return this.words.events[plural.select(number) === "one" ? 0 : 1].replace("{number}", written.format(number));
  }
}

/* A month, a year or all until then: the dots and the list beside the map count only what happened in it. */
function leadThroughTime(control, figure, places, told) {
  const [range, output, width, play, list] = ["input", "output", "select", ".play", ".as-list"].map((one) => control.querySelector(one));
  const lines = [...document.querySelectorAll("[data-place]")];
  const whole = lines.map((line) => line.querySelector(".number").textContent);
  let playing = 0;

  const within = () => {
    const last = Number(range.value) - 1;
    return last < 0 ? null : [width.value === "0" ? 0 : Math.max(last - Number(width.value) + 1, 0), last];
  };
  const show = () => {
    const span = within();
    const [first, last] = (span ?? [0, 0]).map((step) => new Date(Date.UTC(told.first, step)));
    output.textContent = !span ? told.words.whole
      : width.value === "0" ? told.words.until.replace("{month}", monthly.format(last))
      : monthly.formatRange(first, last);
    range.setAttribute("aria-valuetext", output.textContent);
    const counted = new Map(told.places.map((place) => [place.key, span ? inSpan(place.steps, span) : place.number]));
    places.recount((place) => counted.get(place.key));
    lines.forEach((line, position) => {
      const number = counted.get(line.dataset.place) ?? 0;
      line.hidden = Boolean(span) && !number;
      line.querySelector(".number").textContent = span ? written.format(number) : whole[position];
    });
    const asked = new URLSearchParams(location.search);
    if (span) {
      asked.set("from", first.toISOString().slice(0, 7));
      asked.set("to", last.toISOString().slice(0, 7));
    }
    list.href = `${told.words.home}?${asked}`;
  };
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    play.textContent = play.dataset.play;
  };
  const step = (by) => {
    range.value = Number(range.value) + by;
    show();
  };

  range.max = told.steps;
  control.hidden = false;
  play.hidden = still;
  range.addEventListener("input", () => { stop(); show(); });
  width.addEventListener("change", show);
  control.querySelector(".back").addEventListener("click", () => { stop(); step(-1); });
  control.querySelector(".on").addEventListener("click", () => { stop(); step(1); });
  play.addEventListener("click", () => {
    if (playing) return stop();
    if (range.value === range.max) range.value = 0;
    play.textContent = play.dataset.stop;
    playing = setInterval(() => (range.value === range.max ? stop() : step(1)), PACE);
  });
  show();
}

function inSpan(steps, [first, last]) {
  const within = (step) => first <= step && step <= last;
  return steps.reduce(
    (sum, [start, ...numbers]) => numbers.reduce((so_far, number, at) => so_far + (within(start + at) ? number : 0), sum),
    0,
  );
}

/* Once the map was moved, what it shows can be asked for; the address keeps it. */
function searchHere(button, map) {
  map.on("dragend zoomend keydown", () => { button.hidden = false; });
  button.addEventListener("click", () => {
    const [low, high] = [map.getBounds().getSouthWest(), map.getBounds().getNorthEast()];
    const address = new URL(location.href);
    address.searchParams.set("bbox", [low.lng, low.lat, high.lng, high.lat].map((degrees) => degrees.toFixed(2)).join(","));
    location.assign(address);
  });
}

function total(group) {
  return group.reduce((sum, place) => sum + place.number, 0);
}

function link(href, text) {
  return Object.assign(made("a", "", text), { href });
}

function made(name, className = "", text = "") {
  return Object.assign(document.createElement(name), className ? { className } : {}, text ? { textContent: text } : {});
}

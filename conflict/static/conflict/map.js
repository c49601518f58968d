/* Maps that can be moved and led through time, where scripts run. They show what the page says already, and nothing else:
   for another month, the page of that month is fetched, and what it says takes the place of what stood there. */

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const byFinger = matchMedia("(pointer: coarse)").matches;
const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);
const written = new Intl.NumberFormat(language);
const KINDS = ["fighting", "forces", "people", "politics", "society"];

const AT_ONCE = 8; // outlines, names or rings drawn before the page may answer again
const SMALLEST = 12; // pixels; the radius of the least ring: what is pressed is 24 pixels wide
const NUDGES = [0, 26, 46, 70, 95].flatMap((reach) => [0, 1, 2, 3, 4, 5, 6, 7].map((turn) => [reach * Math.cos(turn * Math.PI / 4), reach * Math.sin(turn * Math.PI / 4)]));
const PACE = 1100; // milliseconds that a step of time is shown
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
  const drawn = fetch(figure.dataset.outlines).then((answer) => answer.json());
  const [outlines] = await Promise.all([drawn, leaflet(figure.dataset)]);
  const canvas = made("div", "canvas");
  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", told.words.map);
  const { width, height } = figure.querySelector("svg").viewBox.baseVal;
  canvas.style.aspectRatio = told.here ? 1 : `${width} / ${height}`;
  figure.querySelector("svg").replaceWith(canvas);
  figure.querySelector("button.open-map")?.remove();
  figure.classList.add("moving");
  const map = ground(canvas, figure.dataset, told.words);
  const places = new Places(map, outlines, told);
  map.fitBounds(sight(told, figure.dataset.focus), { animate: false, maxZoom: 7 });
  await shape(map, figure.dataset, outlines, told);
  await places.draw();
  map.on("zoomend", () => places.draw());
  map.on("moveend", () => places.name());
  if (document.getElementById("time")) leadThroughTime(places);
  const here = document.querySelector(".search-here");
  if (here && !told.here) searchHere(here, map);
  return map;
}

/* Leaflet and its look, fetched when the first map is opened. */
async function leaflet({ leaflet: src, look: href }) {
  const hasLook = document.querySelector(`link[rel="stylesheet"][href="${href}"]`);
  await Promise.all([hasLook || fetched("link", { rel: "stylesheet", href }), window.L || fetched("script", { src })]);
}

function pause() {
  return new Promise((go) => setTimeout(go));
}

function fetched(name, addressed) {
  return new Promise((onload, onerror) => document.head.append(Object.assign(made(name), addressed, { onload, onerror })));
}

/* The map itself, with the tiles that were configured. */
function ground(canvas, { tiles, tilesAttribution, frame, credit }, words) {
  const [west, south, east, north] = frame.split(",").map(Number);
  const map = L.map(canvas, {
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: false, // the page scrolls, until the map was chosen
    dragging: !byFinger, // one finger moves the page, two the map
    minZoom: Math.max(1, Math.min(6, Math.floor(Math.log2((360 / (east - west)) * 1.1)))),
    zoomSnap: 0.1, // fits what is in sight closely
    zoomDelta: 1,
    maxZoom: tiles ? 16 : CLOSEST,
    maxBounds: [[Math.max(south - 2, -85), west - 2], [Math.min(north + 2, 85), east + 2]],
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const said = tiles ? tilesAttribution : canvas.closest(".locator") ? credit : ""; // the large map has it beneath
  if (said) L.control.attribution({ prefix: false }).addAttribution(said).addTo(map);
  if (tiles) L.tileLayer(tiles, { maxZoom: 16 }).addTo(map);
  map.names = [];
  return map;
}

/* Outlines, rivers and names, some at a time, so that a slow machine answers keys and clicks in between. */
async function shape(map, { tiles, seat }, outlines, { names = {} }) {
  const shapes = outlines.features.filter(({ geometry }) => geometry.type !== "Point");
  const style = ({ properties }) => ({
    className: properties.kind && properties.kind !== "country" ? properties.kind : tiles ? "border" : seat.split("|").includes(properties.name) ? "seat" : "land",
  });
  const filter = ({ properties }) => !tiles || (properties.kind ?? "country") === "country";
  for (let first = 0; first < shapes.length; first += AT_ONCE) {
    await pause();
    L.geoJSON(shapes.slice(first, first + AT_ONCE), { interactive: false, style, filter }).addTo(map);
  }
  if (tiles) return;
  for (const [number, name] of Object.entries(names)) {
    if (map.names.length % AT_ONCE === 0) await pause();
    const feature = outlines.features[number];
    map.names.push(named(name, L.geoJSON(feature).getBounds().getCenter(), feature.properties.kind ?? "country").addTo(map));
  }
}

function named(name, at, kind) {
  const icon = L.divIcon({ className: `name ${kind}`, html: made("span", "", name), iconSize: [0, 0] });
  return L.marker(at, { icon, interactive: false, keyboard: false, name });
}

/* What to have in sight at first: the stretch that was asked for, the place of the page, or where the dots are. */
function sight({ box, places, here }, focus) {
  const [west, south, east, north] = focus.split(",").map(Number);
  if (box) return [[box[1], box[0]], [box[3], box[2]]];
  const own = places.find((place) => place.key === here);
  if (own) return L.latLng(own.at).toBounds(2000 * Math.max((own.reach ?? 0) * 1.15, 120));
  return [[south, west], [north, east]];
}

/* Places as rings with the number of their events, coloured by kind; hatched where no point is known; near ones as one. */
class Places {
  constructor(map, outlines, { places, words, here }) {
    Object.assign(this, { map, outlines, words, here, shown: places, current: 0 });
    this.layer = L.layerGroup().addTo(map);
    map.getContainer().addEventListener("keydown", (event) => this.led(event), true);
  }

  /* One ring is reached by the tab key, the next one by the arrow keys from there. */
  led(event) {
    if (event.key === "Escape") this.map.closePopup();
    const rings = [...this.map.getContainer().querySelectorAll(".ring")];
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !rings.includes(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = rings[(rings.indexOf(event.target) + step + rings.length) % rings.length];
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus({ preventScroll: true });
  }

  async draw() {
    const turn = this.turn = (this.turn ?? 0) + 1;
    this.layer.clearLayers();
    const drawn = this.shown.filter((place) => place.number || place.key === this.here || this.here);
    const [areas, points] = [true, false].map((wide) => drawn.filter((place) => Boolean(place.reach) === wide));
    for (const place of areas) this.area(place);
    const rings = this.rings = [];
    const groups = [points, areas].flatMap((places, vague) => this.grouped(places).map((group) => [group, Boolean(vague)]));
    for (const [group, vague] of groups) {
      if (rings.length % AT_ONCE === AT_ONCE - 1) await pause();
      if (turn !== this.turn) return; // drawn anew meanwhile
      rings.push(this.ring(group, vague, rings));
      rings.at(-1).marker.getElement().tabIndex = rings.length > 1 ? -1 : 0;
    }
    this.name();
  }

  /* The busiest first; each takes in those that would touch it. */
  grouped(places) {
    const left = places.map((place) => ({ place, at: this.map.latLngToLayerPoint(this.middle(place)) }));
    left.sort((one, other) => (other.place.number ?? 0) - (one.place.number ?? 0));
    const groups = [];
    while (left.length) {
      const first = left.shift();
      const group = [first.place];
      for (let each = 0; each < left.length; each++) {
        const touching = this.radius(group) + this.radius([left[each].place]);
        if (first.at.distanceTo(left[each].at) >= touching) continue;
        group.push(left.splice(each, 1)[0].place);
        each = -1; // the ring has grown, and may touch one that it did not
      }
      groups.push(group);
    }
    return groups;
  }

  radius(group) {
    const wide = this.map.getSize().x < 500 ? 1.2 : 2;
    return Math.max(SMALLEST, Math.round(9 + wide * Math.sqrt(total(group))));
  }

  /* The ring of an area stands for no point: it moves to where it covers no other. */
  beside(own, radius, others) {
    const isFree = (at) => others.every((other) => other.at.distanceTo(at) >= other.size / 2 + radius + 1);
    return NUDGES.map((shift) => own.add(shift)).find(isFree) ?? own;
  }

  /* Where the ring of a place stands: of a single outline, in its middle. */
  middle({ at, outlines }) {
    return outlines?.length === 1 ? L.geoJSON(this.outlines.features[outlines[0]]).getBounds().getCenter() : L.latLng(at);
  }

  area(place) {
    const className = place.key === this.here ? "area here" : "area";
    const shapes = place.outlines?.map((number) => this.outlines.features[number]);
    const isWhole = ({ properties }) => (properties.kind ?? "country") === "country";
    const shape = shapes
      ? L.geoJSON(shapes, { style: (feature) => ({ className: isWhole(feature) && !this.here ? `${className} whole` : className }) })
      : L.circle(place.at, { radius: place.reach * 1000, className });
    shape.bindPopup(() => this.told([place])).addTo(this.layer);
  }

  ring(group, vague, others) {
    const radius = this.radius(group);
    const own = this.map.latLngToLayerPoint(this.middle(group[0]));
    const at = vague ? this.beside(own, radius, others) : own;
    const more = [vague && "unsure", group.length > 1 && "several", group.some((place) => place.key === this.here) && "here"];
    const marker = this.marker(group, ["ring", ...more.filter(Boolean)].join(" "), radius, this.map.layerPointToLatLng(at));
    return { marker: marker.addTo(this.layer), group, size: 2 * radius, at };
  }

  /* The part of the map that is in sight. */
  view() {
    const point = (at) => this.map.containerPointToLayerPoint(at);
    return L.bounds(point([0, 0]), point(this.map.getSize()));
  }

  /* Names beside the rings, the busiest first, where they are whole and cover nothing. */
  name() {
    const { rings } = this;
    const view = this.view();
    const taken = rings.map(({ at, size }) => L.bounds(at.subtract([size / 2, size / 2]), at.add([size / 2, size / 2])));
    for (const { marker, group, size, at } of rings) {
      marker.getElement().querySelector("b")?.remove();
      const start = at.add([size / 2 + 3, -8]);
      const box = L.bounds(start, start.add([group[0].name.length * 7.2, 16]));
      if (!view.contains(box) || taken.some((other) => other.overlaps(box))) continue;
      taken.push(box);
      marker.getElement().prepend(made("b", "", `${group[0].name} `)); // before the number, as in the label
    }
    this.taken = taken;
    this.nameGround();
  }

  /* Names of countries, regions and towns, where they are whole and cover nothing. */
  nameGround() {
    const view = this.view();
    const buttons = L.bounds(view.min, view.min.add([56, 96]));
    const scale = L.bounds(view.getBottomLeft().subtract([0, 36]), view.getBottomLeft().add([120, 0]));
    const taken = [...this.taken, buttons, scale];
    for (const marker of this.map.names) {
      const at = this.map.latLngToLayerPoint(marker.getLatLng());
      const beside = marker.options.icon.options.className.endsWith("town");
      const wide = marker.options.name.length * 7;
      const box = L.bounds(at.subtract([beside ? 3 : wide / 2, 8]), at.add([beside ? wide + 6 : wide / 2, 8]));
      marker.getElement().hidden = !view.contains(box) || taken.some((other) => other.overlaps(box));
      if (!marker.getElement().hidden) taken.push(box);
    }
  }

  marker(group, kind, radius, at) {
    const number = total(group);
    const [first, ...others] = group.map((place) => place.name);
    const said = [number ? `${first}: ${this.events(number)}` : first, ...others].join(", ");
    const icon = L.divIcon({ className: kind, html: drawing(group, radius, number), iconSize: [2 * radius, 2 * radius] });
    const marker = L.marker(at, { icon, riseOnHover: true, zIndexOffset: kind.includes("unsure") ? 0 : 1000 });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", said));
    const apart = group.some((place) => this.middle(place).distanceTo(this.middle(group[0])) > 500);
    if (apart && this.map.getZoom() < this.map.getMaxZoom()) {
      marker.on("click keypress", ({ type, originalEvent }) => {
        if (type === "keypress" && originalEvent.key !== "Enter") return;
        this.map.fitBounds(L.latLngBounds(group.map((place) => this.middle(place))), { animate: !still, padding: [60, 60] });
        this.map.getContainer().focus({ preventScroll: true }); // the ring that had it is gone
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
      line.append(link(this.words.place + place.key + "/", place.name), made("span", "small", this.words.precision[place.said] ?? ""));
      if (!place.number) continue;
      if (place.within !== place.number) line.append(made("span", "small", this.events(place.number, "here")));
      line.append(link(this.words.list + place.key, this.events(place.within)));
    }
    return list;
  }

  events(number, words = "events") {
    return this.words[words][plural.select(number) === "one" ? 0 : 1].replace("{number}", written.format(number));
  }
}

/* The ring as a drawing: a sector for each kind, and the number in the middle. A place without events is a plain dot. */
function drawing(group, radius, number) {
  const svg = drawn("svg", { width: 2 * radius, height: 2 * radius, viewBox: `${-radius} ${-radius} ${2 * radius} ${2 * radius}` });
  if (!number) {
    svg.append(drawn("circle", { class: "plain", r: radius * 0.6 }));
    return svg;
  }
  let before = 0;
  const at = (share) => `${(radius * Math.sin(2 * Math.PI * share)).toFixed(1)} ${(-radius * Math.cos(2 * Math.PI * share)).toFixed(1)}`;
  KINDS.forEach((kind, place) => {
    const share = group.reduce((sum, { kinds }) => sum + kinds[place], 0) / number;
    if (share === 1) svg.append(drawn("circle", { class: kind, r: radius }));
    else if (share) svg.append(drawn("path", { class: kind, d: `M0 0L${at(before)}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${at(before + share)}Z` }));
    before += share;
  });
  svg.append(drawn("circle", { class: "outer", r: radius }), drawn("circle", { class: "hole", r: Math.round(radius * 0.66) }));
  svg.append(Object.assign(drawn("text", { y: 4 }), { textContent: written.format(number) }));
  return svg;
}

/* The timeline chooses a year or month: its page is fetched, and the address is that page's. */
function leadThroughTime(places) {
  const play = () => document.querySelector("#time .play");
  let playing = 0;

  const show = async (address, remember) => {
    const answer = await fetch(address);
    if (!answer.ok) return location.assign(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const held = document.activeElement?.closest("[data-swap]") && { within: document.activeElement.closest("[data-swap]").id, rel: document.activeElement.rel, name: document.activeElement.className };
    for (const part of document.querySelectorAll("[data-swap]")) part.replaceWith(page.getElementById(part.id) ?? part);
    document.getElementById("summary").innerText = page.getElementById("summary").textContent.replace(/\s+/g, " ").trim();
    document.title = page.title;
    const told = JSON.parse(page.getElementById("moving").textContent);
    Object.assign(places, { shown: told.places, words: told.words });
    places.draw();
    if (remember) history.pushState({}, "", address);
    offer();
    const again = held && document.getElementById(held.within);
    (again && ((held.rel && again.querySelector(`[rel=${held.rel}]`)) || again.querySelector("[aria-current], .play:focus, a")))?.focus({ preventScroll: true });
  };
  const offer = () => {
    play().hidden = still;
    play().textContent = playing ? play().dataset.stop : play().dataset.play;
  };
  const stop = () => {
    clearTimeout(playing);
    playing = 0;
    offer();
  };
  const onward = async () => {
    const next = document.querySelector("#time [rel=next]");
    if (!next) return stop();
    playing = setTimeout(onward, PACE);
    await show(next.href, true);
    play().focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest?.("#time a, #time .play");
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (chosen.matches(".play")) return playing ? stop() : onward();
    stop();
    show(new URL(chosen.getAttribute("href"), location.href), true);
  });
  addEventListener("popstate", () => { stop(); show(location.href, false); });
  offer();
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
  return group.reduce((sum, place) => sum + (place.number ?? 0), 0);
}

function drawn(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function link(href, text) {
  return Object.assign(made("a", "", text), { href });
}

function made(name, className = "", text = "") {
  return Object.assign(document.createElement(name), className ? { className } : {}, text ? { textContent: text } : {});
}

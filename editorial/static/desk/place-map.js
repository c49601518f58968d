// A click on the map fills in latitude and longitude; the fields move the mark. Without this script the fields do.
"use strict";

const drawing = document.getElementById("place-map");
const latitude = document.getElementById("id_latitude");
const longitude = document.getElementById("id_longitude");
const origin = document.getElementById("id_coordinate_origin");

if (drawing && latitude && longitude) {
  const here = drawing.querySelector(".here");
  const said = document.querySelector(".place-map [data-said]");
  const scale = drawing.dataset;
  const whole = drawing.viewBox.baseVal;
  const full = { width: whole.width, height: whole.height };

  const mark = (x, y) => {
    here.setAttribute("cx", x);
    here.setAttribute("cy", y);
  };

  const fromFields = () => {
    const north = parseFloat(latitude.value);
    const east = parseFloat(longitude.value);
    if (Number.isFinite(north) && Number.isFinite(east)) {
      mark((east - scale.west) * scale.perDegreeEast, (scale.north - north) * scale.perDegreeNorth);
    }
  };

  const redrawn = () => {
    const finer = full.width / whole.width;
    here.setAttribute("r", 7 / finer);
    for (const known of drawing.querySelectorAll(".known")) known.setAttribute("r", 3 / finer);
  };

  drawing.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
    const north = Number(scale.north) - point.y / scale.perDegreeNorth;
    const east = Number(scale.west) + point.x / scale.perDegreeEast;
    latitude.value = north.toFixed(3);
    longitude.value = east.toFixed(3);
    if (origin && !origin.value) origin.value = "placed on the map by hand";
    mark(point.x, point.y);
    said.textContent = `${latitude.value}, ${longitude.value}`;
  });

  for (const button of document.querySelectorAll(".place-map [data-zoom]")) {
    button.addEventListener("click", () => {
      const wanted = Math.min(1, Math.max(1 / 32, (whole.width / full.width) * Number(button.dataset.zoom)));
      const marked = here.cx.baseVal.value > 0;
      const x = marked ? here.cx.baseVal.value : whole.x + whole.width / 2;
      const y = marked ? here.cy.baseVal.value : whole.y + whole.height / 2;
      const [width, height] = [full.width * wanted, full.height * wanted];
      const left = Math.min(Math.max(0, x - width / 2), full.width - width);
      const top = Math.min(Math.max(0, y - height / 2), full.height - height);
      drawing.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
      redrawn();
    });
  }
  document.querySelector(".place-map .zooms").hidden = false;
  latitude.addEventListener("input", fromFields);
  longitude.addEventListener("input", fromFields);
}

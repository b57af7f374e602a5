// Draws the projects of the page on a map. Everything it shows stands in the list too; without
// this script, or when it fails, the list is all there is.
(() => {
  'use strict';

  const place = document.getElementById('map');
  const failed = document.getElementById('map-failed');
  if (!place || typeof L === 'undefined') return;
  const words = place.dataset;
  const ITALY = [[36.6, 6.6], [47.1, 18.6]];
  const THUMB = 44;
  const CLOSEST = 18;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;

  fetch(words.pins, { headers: { Accept: 'application/json' } })
    .then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    })
    .then(({ pins }) => draw(pins))
    .catch(() => {
      place.hidden = true;
      failed.hidden = false;
    });

  function draw(pins) {
    place.hidden = false;
    const map = L.map(place, {
      zoomControl: false,
      zoomAnimation: !isCalm,
      fadeAnimation: !isCalm,
      markerZoomAnimation: !isCalm,
      inertia: !isCalm,
      maxZoom: CLOSEST,
    });
    map.attributionControl.setPrefix('Leaflet');
    const zoom = L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    zoom.getContainer().classList.add('map-zoom');
    L.tileLayer(words.tiles, {
      attribution: escaped(words.credit),
      maxZoom: CLOSEST,
      // Tile servers ask who uses them; they are told the site and not the page.
      referrerPolicy: 'origin',
    }).addTo(map);
    const spots = pins.map((pin) => [pin.latitude, pin.longitude]);
    map.fitBounds(spots.length ? spots : ITALY, { padding: [THUMB, THUMB], maxZoom: 15, animate: false });
    const layer = L.layerGroup().addTo(map);
    const redraw = () => gather(map, layer, pins);
    map.on('zoomend', redraw);
    map.on('popupopen', opened);
    place.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') map.closePopup();
    });
    redraw();
  }

  // Pins that a thumb could not tell apart become one with their number on it.
  function gather(map, layer, pins) {
    const groups = [];
    for (const pin of pins) {
      const point = map.project([pin.latitude, pin.longitude], map.getZoom());
      const near = groups.find((group) => group.point.distanceTo(point) < THUMB);
      if (near) near.pins.push(pin);
      else groups.push({ point, pins: [pin] });
    }
    layer.clearLayers();
    for (const group of groups) layer.addLayer(marker(map, group.pins));
  }

  function marker(map, group) {
    const label = group.length === 1 ? group[0].title : words.many.replace('{count}', group.length);
    const sign = document.createElement('span');
    sign.textContent = group.length > 1 ? group.length : '';
    const made = L.marker([group[0].latitude, group[0].longitude], {
      icon: L.divIcon({ className: 'map-pin', html: sign, iconSize: [THUMB, THUMB] }),
      title: label,
      riseOnHover: true,
    });
    made.on('add', () => made.getElement().setAttribute('aria-label', label));
    const act = () => {
      if (group.some((pin) => apart(map, pin, group[0]))) {
        const bounds = L.latLngBounds(group.map((pin) => [pin.latitude, pin.longitude]));
        map.fitBounds(bounds, { padding: [THUMB, THUMB], maxZoom: CLOSEST, animate: !isCalm });
        place.focus();
      } else {
        const maxWidth = Math.min(320, place.clientWidth - 2 * THUMB - 40);
        const popup = L.popup(
          { maxHeight: 200, maxWidth, minWidth: 160, autoPanPaddingTopLeft: [THUMB + 20, 10] },
          made,
        );
        map.openPopup(popup.setLatLng(made.getLatLng()).setContent(listed(group)));
      }
    };
    made.on('click', act);
    made.on('keydown', ({ originalEvent: pressed }) => {
      if (pressed.key !== 'Enter' && pressed.key !== ' ') return;
      pressed.preventDefault();
      act();
    });
    return made;
  }

  // Whether there is a closer look at which a thumb could tell them apart.
  function apart(map, one, other) {
    const [first, second] = [one, other].map((pin) => map.project([pin.latitude, pin.longitude], CLOSEST));
    return first.distanceTo(second) >= THUMB;
  }

  function listed(group) {
    const list = document.createElement('ul');
    list.className = 'map-list';
    list.dir = document.documentElement.dir;
    for (const pin of group) {
      const item = list.appendChild(document.createElement('li'));
      const link = item.appendChild(document.createElement('a'));
      link.href = pin.url;
      link.textContent = pin.title;
      link.lang = pin.language;
      link.dir = pin.direction;
      for (const text of [pin.day, pin.hours, pin.place]) {
        const line = item.appendChild(document.createElement('div'));
        line.dir = 'auto';
        line.textContent = text;
      }
    }
    return list;
  }

  // Who opened it with a key goes on inside it, and comes back to where they were.
  function opened({ popup }) {
    const before = document.activeElement;
    const box = popup.getElement();
    box.querySelector('.leaflet-popup-close-button').setAttribute('aria-label', words.close);
    if (before && before.matches(':focus-visible')) {
      box.querySelector('a[href]:not(.leaflet-popup-close-button)').focus();
      popup.once('remove', () => (before.isConnected ? before : place).focus());
    }
  }

  function escaped(text) {
    const holder = document.createElement('span');
    holder.textContent = text;
    return holder.innerHTML;
  }
})();

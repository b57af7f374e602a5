// "Start from where I am": the phone's position, to the kilometre, as one more place to choose.
// It goes into the address of the list and nowhere else.
(() => {
  'use strict';

  const places = document.getElementById('near');
  const button = document.getElementById('here');
  if (!places || !button || !navigator.geolocation || !window.isSecureContext) {
    return;
  }
  const refused = document.getElementById('here-refused');
  button.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    refused.hidden = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const place = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
        places.add(new Option(places.dataset.here, place, true, true));
        places.form.requestSubmit();
      },
      () => {
        button.disabled = false;
        refused.hidden = false;
      },
      { maximumAge: 600000, timeout: 15000 },
    );
  });
})();

// A field in which somebody signs with a finger. What is sent are the strokes, as points in a box of
// 1000 by 400, not a picture. Without this the field stays hidden and the other ways remain.
(() => {
  'use strict';

  const WIDTH = 1000;
  const HEIGHT = 400;
  const NEAR = 4;
  const MOST_POINTS = 3000;

  function prepare(section) {
    const canvas = section.querySelector('canvas');
    const sent = section.querySelector('input[name="drawing"]');
    const pen = canvas.getContext('2d');
    let strokes = [];
    let stroke = null;
    let points = 0;

    section.hidden = false;
    pen.lineWidth = 6;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    pen.strokeStyle = '#17324d';

    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      const along = (value, size, most) => Math.max(0, Math.min(most, Math.round((value / size) * most)));
      return [
        along(event.clientX - box.left, box.width, WIDTH),
        along(event.clientY - box.top, box.height, HEIGHT),
      ];
    };

    const draw = (from, to) => {
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...to);
      pen.stroke();
    };

    const add = (point) => {
      const last = stroke[stroke.length - 1];
      if (points >= MOST_POINTS || (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR)) {
        return;
      }
      draw(last || point, point);
      stroke.push(point);
      points += 1;
    };

    canvas.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      stroke = [];
      strokes.push(stroke);
      add(place(event));
    });
    canvas.addEventListener('pointermove', (event) => {
      if (stroke) {
        event.preventDefault();
        const between = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
        (between.length ? between : [event]).forEach((each) => add(place(each)));
      }
    });
    const lift = () => {
      stroke = null;
      sent.value = JSON.stringify(strokes);
    };
    canvas.addEventListener('pointerup', lift);
    canvas.addEventListener('pointercancel', lift);

    section.querySelector('[data-clear]').addEventListener('click', () => {
      strokes = [];
      stroke = null;
      points = 0;
      sent.value = '';
      pen.clearRect(0, 0, WIDTH, HEIGHT);
    });
  }

  document.querySelectorAll('[data-signature]').forEach(prepare);
})();

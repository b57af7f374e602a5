// The gate on a phone: reads passes with the camera, keeps each scan until the server has
// answered for it, and sends it again under the same id when the network was away.
(() => {
  'use strict';

  const gate = document.getElementById('gate');
  const form = document.getElementById('by-hand');
  const start = document.getElementById('start');
  const camera = document.getElementById('camera');
  const cameraWords = document.getElementById('camera-words');
  const view = document.getElementById('view');
  const answer = document.getElementById('answer');
  const waiting = document.getElementById('waiting');
  const words = gate.dataset;

  const BATCH = 100;
  const SAME_PASS_PAUSE = 6000;
  const LOOKS_A_SECOND = 6;
  const RETRY_AFTER = 5000;
  const NO_ID = '00000000-0000-0000-0000-000000000000';

  // Kept scans

  const shelf = `civic-scans-${words.session}`;
  let kept = readShelf();
  let isSending = false;

  function readShelf() {
    try {
      const found = JSON.parse(localStorage.getItem(shelf) || '[]');
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  function writeShelf() {
    try {
      if (kept.length) localStorage.setItem(shelf, JSON.stringify(kept));
      else localStorage.removeItem(shelf);
    } catch {
      // A full or forbidden storage: the scans still live as long as the page does.
    }
    waiting.hidden = kept.length === 0;
    waiting.textContent = words.waiting.replace('{count}', kept.length);
  }

  function newId() {
    // RFC 9562, version 7: 48 bits of milliseconds, then chance.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let time = Date.now();
    for (let index = 5; index >= 0; index -= 1) {
      bytes[index] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  function direction() {
    return new FormData(form).get('direction');
  }

  function take(code) {
    kept.push({
      id: newId(),
      code,
      direction: direction(),
      scanned_at: new Date().toISOString(),
      gate: form.elements.gate.value.trim(),
    });
    writeShelf();
    say('warning', '', words.sending);
    send();
  }

  async function send() {
    if (isSending || kept.length === 0) return;
    isSending = true;
    const batch = kept.slice(0, BATCH);
    let isAway = false;
    try {
      const response = await fetch(words.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': words.csrf },
        body: JSON.stringify({ sent_at: new Date().toISOString(), scans: batch }),
        redirect: 'manual',
      });
      if (response.ok) {
        settle((await response.json()).answers);
      } else {
        isAway = true;
        const isSignedOut = response.type === 'opaqueredirect' || response.status === 400;
        keepFor(batch);
        say('warning', '', isSignedOut ? words.signedOut : words.offline);
      }
    } catch {
      isAway = true;
      keepFor(batch);
      say('warning', '', words.offline);
    }
    isSending = false;
    if (kept.length) setTimeout(send, isAway ? RETRY_AFTER : 0);
  }

  // The person went on without an answer: should the answer be no, somebody must see it.
  function keepFor(batch) {
    batch.forEach((scan) => {
      scan.shown = 'unmatched';
    });
    writeShelf();
  }

  function settle(answers) {
    const failed = answers.filter((one) => one.outcome === 'failed');
    const settled = new Set(answers.filter((one) => one.outcome !== 'failed').map((one) => one.id));
    kept = kept.filter((scan) => !settled.has(scan.id));
    writeShelf();
    const last = answers[answers.length - 1];
    if (last) {
      say(last.kind, last.name, last.text, last.undo ? last.id : '');
      sound(last.kind);
    }
    if (failed.length) throw new Error('not all could be stored');
  }

  // What the operator sees and hears

  function say(kind, name, text, undoable = '') {
    const box = document.getElementById(`answer-${kind}`).content.cloneNode(true);
    const [nameLine, textLine] = box.querySelectorAll('p');
    if (name) nameLine.querySelector('bdi').textContent = name;
    else nameLine.remove();
    textLine.textContent = text;
    const button = box.querySelector('button');
    if (button && undoable) button.addEventListener('click', () => undo(undoable, name));
    else if (button) button.parentElement.remove();
    answer.replaceChildren(box);
  }

  async function undo(id, name) {
    try {
      const response = await fetch(words.undo.replace(NO_ID, id), {
        method: 'POST',
        headers: { Accept: 'application/json', 'X-CSRFToken': words.csrf },
        redirect: 'manual',
      });
      const said = response.type === 'opaqueredirect' ? {} : await response.json();
      say('warning', name, said.text || words.signedOut);
    } catch {
      say('warning', name, words.notUndone);
    }
  }

  let audio = null;

  function sound(kind) {
    if (navigator.vibrate) navigator.vibrate(kind === 'success' ? 80 : [80, 80, 200]);
    if (!audio) return;
    const tones = { success: [880], warning: [440], danger: [220, 180] }[kind];
    tones.forEach((pitch, index) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const from = audio.currentTime + index * 0.2;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.2, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + 0.18);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.2);
    });
  }

  // The camera

  const canvas = document.createElement('canvas');
  let lastCode = '';
  let lastSeen = 0;

  async function makeReader() {
    if ('BarcodeDetector' in window) {
      const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
      if (formats.includes('qr_code')) {
        const detector = new BarcodeDetector({ formats: ['qr_code'] });
        return async () => {
          const [found] = await detector.detect(view);
          return found ? found.rawValue : '';
        };
      }
    }
    await loadDecoder();
    return async () => {
      const scale = Math.min(1, 640 / Math.max(view.videoWidth, view.videoHeight));
      canvas.width = Math.round(view.videoWidth * scale);
      canvas.height = Math.round(view.videoHeight * scale);
      const pen = canvas.getContext('2d', { willReadFrequently: true });
      pen.drawImage(view, 0, 0, canvas.width, canvas.height);
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
      const found = window.jsQR(picture.data, picture.width, picture.height);
      return found ? found.data : '';
    };
  }

  function loadDecoder() {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = words.decoder;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  async function look(read) {
    if (view.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const code = await read().catch(() => '');
      const key = code && `${direction()} ${code}`;
      // The same pass stays before the camera for a while: that is one scan, not thirty.
      if (key && (key !== lastCode || Date.now() - lastSeen > SAME_PASS_PAUSE)) take(code);
      if (key) {
        lastCode = key;
        lastSeen = Date.now();
      }
    }
    setTimeout(look, 1000 / LOOKS_A_SECOND, read);
  }

  async function startCamera() {
    start.disabled = true;
    try {
      audio = audio || new (window.AudioContext || window.webkitAudioContext)();
    } catch {
      audio = null;
    }
    try {
      view.srcObject = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment' },
        audio: false,
      });
      camera.hidden = false;
      start.hidden = true;
      await view.play();
      const read = await makeReader();
      cameraWords.textContent = words.scanning;
      look(read);
    } catch {
      start.disabled = false;
      camera.hidden = true;
      say('warning', '', words.noCamera);
    }
  }

  if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    start.hidden = false;
    start.addEventListener('click', startCamera);
  }

  form.addEventListener('submit', (event) => {
    const code = form.elements.code.value.trim();
    if (!code) return; // the server says what is missing
    event.preventDefault();
    take(code);
    form.elements.code.value = '';
  });

  // A gate's name is typed once and stays on this phone.

  const NAME = 'civic-gate-name';

  function keepName() {
    try {
      localStorage.setItem(NAME, form.elements.gate.value.trim());
    } catch {
      // Then it is typed again next time.
    }
  }

  function recallName() {
    try {
      const name = localStorage.getItem(NAME) || '';
      if (!name || form.elements.gate.value) return;
      form.elements.gate.value = name;
      document.getElementById('gate-box').open = true;
    } catch {
      // Nothing was kept.
    }
  }

  form.elements.gate.addEventListener('change', keepName);
  recallName();
  window.addEventListener('online', send);
  writeShelf();
  send();
})();

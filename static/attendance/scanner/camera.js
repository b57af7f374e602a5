// Reads passes with the camera: the browser's own reader where there is one, else the decoder that
// this site holds, which is fetched only then.

const LOOKS_A_SECOND = 6;
const SAME_PASS_PAUSE = 6000;
const LONGEST_SIDE = 640;

export const DECODER_SHELF = 'civic-scanner-decoder';

export function canUseCamera() {
  return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

export async function hasOwnReader() {
  if (!('BarcodeDetector' in window)) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes('qr_code');
}

export function loadDecoder(address) {
  if (window.jsQR) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// So that the decoder is there when the network is not.
export async function keepDecoder(address) {
  if (!('caches' in window) || (await hasOwnReader())) return;
  const shelf = await caches.open(DECODER_SHELF);
  for (const request of await shelf.keys()) {
    if (new URL(request.url).pathname !== address) await shelf.delete(request);
  }
  if (!(await shelf.match(address, { ignoreVary: true }))) await shelf.add(address);
}

// `finer` for codes of many small squares: what to ask of the camera, and how large to look at it.
export function makeCamera({ view, decoder, settingOf, onCode, finer = {} }) {
  let stream = null;
  let read = null;
  let isOn = false;
  let lastCode = '';
  let lastSeen = 0;
  let wakeLock = null;

  async function start(deviceId = '') {
    stop();
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: 'environment' };
    const wanted = { ...which, ...finer.asks };
    stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    view.srcObject = stream;
    await view.play();
    read = read || (await makeReader());
    if (!isOn) {
      isOn = true;
      look();
    }
    wakeLock = await navigator.wakeLock?.request('screen').catch(() => null);
  }

  function stop() {
    isOn = false;
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    view.srcObject = null;
    wakeLock?.release().catch(() => {});
    wakeLock = null;
  }

  async function makeReader() {
    if (await hasOwnReader()) {
      const detector = new BarcodeDetector({ formats: ['qr_code'] });
      return async () => (await detector.detect(view))[0]?.rawValue || '';
    }
    await loadDecoder(decoder);
    const canvas = document.createElement('canvas');
    return async () => {
      const scale = Math.min(1, (finer.longestSide || LONGEST_SIDE) / Math.max(view.videoWidth, view.videoHeight));
      canvas.width = Math.round(view.videoWidth * scale);
      canvas.height = Math.round(view.videoHeight * scale);
      const pen = canvas.getContext('2d', { willReadFrequently: true });
      pen.drawImage(view, 0, 0, canvas.width, canvas.height);
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(picture.data, picture.width, picture.height)?.data || '';
    };
  }

  async function look() {
    if (!isOn) return;
    if (view.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !document.hidden) {
      const code = await read().catch(() => '');
      const seen = code && `${settingOf()} ${code}`;
      // The same pass stays before the camera for a while: that is one scan, not thirty.
      if (seen && (seen !== lastCode || Date.now() - lastSeen > SAME_PASS_PAUSE)) onCode(code);
      if (seen) {
        lastCode = seen;
        lastSeen = Date.now();
      }
    }
    setTimeout(look, 1000 / LOOKS_A_SECOND);
  }

  const track = () => stream?.getVideoTracks()[0];

  async function choices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((one) => one.kind === 'videoinput');
  }

  return {
    start, stop, choices,
    isOn: () => isOn,
    // The phone takes the camera away while another app is looked at.
    wasTaken: () => isOn && track()?.readyState === 'ended',
    current: () => track()?.getSettings?.().deviceId || '',
    hasTorch: () => Boolean(track()?.getCapabilities?.().torch),
    light: (isLit) => track().applyConstraints({ advanced: [{ torch: isLit }] }),
  };
}

// The buttons that start and stop it, light it, and choose another.
export function offer({ part, words, answers, decoder, settingOf, onCode, finer }) {
  const camera = makeCamera({ view: part('view'), decoder, settingOf, onCode, finer });
  const [start, torch, choice] = [part('start'), part('torch'), part('camera-choice')];
  let isLit = false;

  async function turnOn(deviceId) {
    start.disabled = true;
    part('view').hidden = false;
    try {
      await camera.start(deviceId);
      answers.clear();
      await arrange();
    } catch (error) {
      camera.stop();
      answers.show({ kind: 'warning', text: error.name === 'NotAllowedError' ? words.camera_refused : words.no_camera });
    }
    start.disabled = false;
    show();
  }

  async function arrange() {
    const all = await camera.choices();
    choice.replaceChildren(
      ...all.map((one, at) => new Option(one.label || `${at + 1}`, one.deviceId, false, one.deviceId === camera.current())),
    );
    part('camera-choice-box').hidden = all.length < 2;
    torch.hidden = !camera.hasTorch();
    isLit = false;
  }

  function show() {
    const isOn = camera.isOn();
    part('view').hidden = !isOn;
    part('idle').hidden = isOn;
    start.textContent = isOn ? words.stop_camera : words.start_camera;
    if (!isOn) torch.hidden = part('camera-choice-box').hidden = true;
    torch.setAttribute('aria-pressed', String(isLit));
  }

  start.hidden = !canUseCamera();
  if (!canUseCamera()) part('idle').textContent = words.no_camera;
  start.addEventListener('click', () => {
    if (!camera.isOn()) {
      turnOn();
      return;
    }
    camera.stop();
    show();
  });
  choice.addEventListener('change', () => turnOn(choice.value));
  torch.addEventListener('click', async () => {
    await camera.light(!isLit).then(() => { isLit = !isLit; }, () => {});
    show();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && camera.wasTaken()) turnOn(camera.current());
  });
}

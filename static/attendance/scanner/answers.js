// The answer as it is seen, heard and felt: a colour, a sign, a word and a sentence that say the
// same, a tone and a shake of their own for each.

const TONES = { success: [[880, 0.16]], warning: [[520, 0.12], [520, 0.12]], danger: [[220, 0.3], [160, 0.4]] };
const SHAKES = { success: [80], warning: [80, 80, 80], danger: [250, 100, 250] };

export function makeAnswers(box) {
  let audio = null;

  // Browsers let a page sound only once it was touched.
  function wake() {
    try {
      audio = audio || new (window.AudioContext || window.webkitAudioContext)();
      if (audio.state === 'suspended') audio.resume().catch(() => {});
    } catch {
      audio = null;
    }
  }

  function show({ kind, name = '', text, holder = null }) {
    const filled = document.getElementById(`answer-${kind}`).content.cloneNode(true);
    const [nameLine, textLine, holderLine] = filled.querySelectorAll('p');
    if (name) nameLine.querySelector('bdi').textContent = name;
    else nameLine.remove();
    textLine.textContent = text;
    if (holder && holder.text) {
      Object.assign(holderLine, { textContent: holder.text, lang: holder.language, dir: holder.dir });
    } else {
      holderLine.remove();
    }
    box.replaceChildren(filled);
    box.hidden = false;
  }

  function sound(kind) {
    navigator.vibrate?.(SHAKES[kind]);
    if (!audio) return;
    let from = audio.currentTime;
    for (const [pitch, length] of TONES[kind]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.type = kind === 'danger' ? 'sawtooth' : 'sine';
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.25, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + length);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + length);
      from += length + 0.05;
    }
  }

  return {
    wake,
    show,
    tell: (answer) => {
      show(answer);
      sound(answer.kind);
    },
    clear: () => {
      box.hidden = true;
      box.replaceChildren();
    },
  };
}

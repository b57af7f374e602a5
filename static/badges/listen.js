// Reads a badge aloud, a sentence at a time, by a voice that the device has itself: nothing of it is
// sent anywhere. Without this, or without such a voice for the page's language, no button is shown.
(() => {
  'use strict';

  const speech = window.speechSynthesis;
  const cards = document.querySelectorAll('[data-listen]');
  if (!speech || !window.SpeechSynthesisUtterance || !cards.length) {
    return;
  }

  const PACE = 0.9;
  const page = document.documentElement.lang;
  const root = (tag) => tag.toLowerCase().split(/[-_]/)[0];
  const voiceFor = (tag) =>
    speech.getVoices().find((voice) => voice.localService && root(voice.lang) === root(tag));
  // Browsers forget to tell the end of what nobody holds on to.
  let queue = [];
  let hush = () => {};

  function prepare(card) {
    const [start, stop] = card.querySelectorAll('button');

    const rest = () => {
      const isThere = document.activeElement === stop;
      start.hidden = false;
      if (isThere) {
        start.focus();
      }
      stop.hidden = true;
    };

    const said = ([tag, words]) => {
      const voice = voiceFor(tag) || voiceFor(page);
      const utterance = new window.SpeechSynthesisUtterance(words);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = PACE;
      return utterance;
    };

    start.addEventListener('click', () => {
      hush();
      speech.cancel();
      queue = JSON.parse(card.dataset.listen).map(said);
      const mine = queue;
      const over = () => {
        if (queue === mine) {
          rest();
        }
      };
      hush = rest;
      mine.forEach((each) => each.addEventListener('error', over));
      mine[mine.length - 1].addEventListener('end', over);
      stop.hidden = false;
      stop.focus();
      start.hidden = true;
      mine.forEach((each) => speech.speak(each));
    });
    stop.addEventListener('click', () => {
      queue = [];
      speech.cancel();
      rest();
    });
  }

  // Voices come late, and some browsers tell it more than once.
  const show = () => {
    const has = Boolean(voiceFor(page));
    cards.forEach((card) => {
      card.hidden = !has;
    });
  };

  cards.forEach(prepare);
  show();
  if (speech.addEventListener) {
    speech.addEventListener('voiceschanged', show);
  }
  window.addEventListener('pagehide', () => speech.cancel());
})();

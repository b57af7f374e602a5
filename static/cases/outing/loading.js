// Before leaving: the page, the people known on the street and a token come onto this phone; and off
// it again.

const LAST_SENDING = 4000;

export function makeLoading({ root, words, brought, queue, sending, screen }) {
  const { page, load: address, worker } = root.dataset;
  const status = document.getElementById('load-status');
  const leaving = document.getElementById('leaving');

  // True when they are on this phone now.
  async function load() {
    const button = document.getElementById('load');
    button.disabled = true;
    status.textContent = words.one_moment;
    let isLoaded = false;
    try {
      const refusal = await ask();
      status.textContent = refusal;
      isLoaded = refusal === '';
    } catch {
      status.textContent = words.cannot_load;
    }
    button.disabled = false;
    return isLoaded;
  }

  async function ask() {
    const response = await fetch(address, {
      headers: { Accept: 'application/json' },
      cache: 'no-store',
      redirect: 'manual',
    });
    if (response.type === 'opaqueredirect' || response.status === 401) {
      sending.refuse();
      return words.sign_in_first;
    }
    if (response.status === 404) return words.not_yours;
    const answer = await response.json();
    if (!response.ok) return answer.text || words.cannot_load;
    try {
      await brought.keep(answer);
      screen.notice('unkept', false);
    } catch {
      // It could not be stored: it serves until the page is closed.
      screen.notice('unkept', true);
    }
    navigator.storage?.persist?.().catch(() => {});
    return '';
  }

  // What waits is sent first, if it can be; about what cannot, and what is not finished, it is asked.
  // Answers what was chosen: keep, drop or stay.
  async function leave(countLeft) {
    await Promise.race([sending.drain(), new Promise((resolve) => setTimeout(resolve, LAST_SENDING))]);
    const left = await countLeft();
    const choice = left ? await askAbout(left) : 'drop';
    if (choice === 'stay') return choice;
    await brought.leave().catch(() => {});
    if (choice === 'drop') await queue.empty().catch(() => {});
    sending.refuse();
    return choice;
  }

  function askAbout(left) {
    screen.fill(leaving.querySelector('[data-sentence]'), { count: left });
    leaving.returnValue = '';
    leaving.showModal();
    return new Promise((resolve) => {
      leaving.addEventListener('close', () => resolve(leaving.returnValue || 'stay'), { once: true });
    });
  }

  // So that the page opens without network.
  async function keepPage() {
    if (!('serviceWorker' in navigator)) return;
    try {
      await navigator.serviceWorker.register(worker, { scope: page });
      await navigator.serviceWorker.ready;
      document.getElementById('opens-offline').hidden = false;
      root.dataset.kept = 'yes';
    } catch {
      // No network, or no room: it is tried again the next time the page is opened.
    }
  }

  return { load, leave, keepPage };
}

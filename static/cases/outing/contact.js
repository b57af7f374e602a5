// The contact being written. What is half typed is kept every second, and put back when the page is
// opened again: a phone falls, a battery is empty, somebody rings.

const EVERY = 1000;
const OF_THE_PERSON = ['called', 'age_band', 'language', 'needs', 'follow_up'];
const BLANK = {
  called: '', age_band: 'unknown', language: '', needs: [], help: [], where: '', follow_up: '', words: '',
};

// `people`: { all(), isListed(), search(typed) }. `keep(contact)`, `save(item)` and `drop()` store, one after
// the other, and fail when this phone cannot.
export function makeContact({ part, screen, words, newId, people, keep, save, drop, closed }) {
  const form = part('contact');
  let current = null; // { id, person_id, is_new, base_version, at, outing_id, met }
  let isChanged = false;
  let isBusy = false;

  // Fields

  function read() {
    const data = new FormData(form);
    const typed = (name) => (data.get(name) || '').trim();
    return {
      called: typed('called'), age_band: data.get('age_band') || 'unknown', language: typed('language'),
      needs: data.getAll('needs'), help: data.getAll('help'),
      where: typed('where'), follow_up: typed('follow_up'), words: typed('words'),
    };
  }

  function write(values) {
    for (const [name, value] of Object.entries(values)) {
      if (Array.isArray(value)) {
        for (const box of form.querySelectorAll(`[name="${name}"]`)) box.checked = value.includes(box.value);
      } else if (name === 'age_band') {
        for (const box of form.querySelectorAll('[name="age_band"]')) box.checked = box.value === value;
      } else {
        form.elements[name].value = value ?? '';
      }
    }
  }

  const isBlank = (fields) => JSON.stringify(fields) === JSON.stringify(BLANK) && current.is_new;

  // Beginning and ending

  function open(begun, fields) {
    current = begun;
    isChanged = false;
    write({ ...BLANK, ...fields });
    part('search').value = '';
    part('discard-sure').hidden = true;
    wrong('');
    showChosen();
    look();
    part('at-work').hidden = true;
    form.hidden = false;
  }

  function begin(outingId) {
    open({
      id: newId(), person_id: newId(), is_new: true, base_version: null,
      at: new Date().toISOString(), outing_id: outingId, met: null,
    }, {});
    window.scrollTo(0, 0);
    part('contact-title').focus();
  }

  function close() {
    current = null;
    isChanged = false;
    form.hidden = true;
    part('at-work').hidden = false;
    window.scrollTo(0, 0);
    closed();
  }

  function wrong(text) {
    part('contact-wrong').textContent = text;
    part('contact-wrong').hidden = !text;
  }

  // Keeping what is half typed

  async function keepNow() {
    if (!current || !isChanged || isBusy) return;
    isChanged = false;
    try {
      await keep({ current, fields: read() });
    } catch {
      isChanged = true; // tried again in a second
    }
  }

  setInterval(keepNow, EVERY);
  document.addEventListener('visibilitychange', () => document.hidden && keepNow());
  window.addEventListener('pagehide', keepNow);
  const changed = () => {
    isChanged = true;
    wrong('');
  };
  form.addEventListener('input', ({ target }) => target.id !== 'search' && changed());

  // Who it is

  function look() {
    const typed = part('search').value;
    const { shown, more } = typed.trim() ? people.search(typed) : { shown: [], more: 0 };
    part('found').replaceChildren(
      ...shown.map((person) => {
        const item = part('person').content.cloneNode(true).firstElementChild;
        const [name, about] = item.querySelectorAll('bdi, small');
        name.textContent = person.called || words.no_name;
        about.textContent = screen.strung(
          person.last_met && screen.filled(words.last_met, { day: screen.day(person.last_met) }),
          words.languages[person.language],
          person.age_band !== 'unknown' && words.age_bands[person.age_band],
        );
        item.querySelector('button').addEventListener('click', () => choose(person));
        return item;
      }),
    );
    part('found-more').textContent = remark(typed.trim(), shown.length, more);
  }

  function remark(typed, count, more) {
    if (!people.isListed() && !people.all().length) return words.no_list;
    if (more) return screen.filled(words.more, { count: more });
    return typed && !count ? words.nobody_found : '';
  }

  function choose(person) {
    Object.assign(current, {
      person_id: person.id, is_new: false, base_version: person.version,
      met: { called: person.called, on: person.last_met },
    });
    write(Object.fromEntries(OF_THE_PERSON.map((name) => [name, person[name]])));
    showChosen();
    changed();
    part('chosen').querySelector('button').focus();
  }

  function chooseNobody() {
    Object.assign(current, { person_id: newId(), is_new: true, base_version: null, met: null });
    write(Object.fromEntries(OF_THE_PERSON.map((name) => [name, BLANK[name]])));
    part('search').value = '';
    look();
    showChosen();
    changed();
    part('search').focus();
  }

  function showChosen() {
    const { met } = current;
    part('finding').hidden = Boolean(met);
    part('chosen').hidden = !met;
    if (!met) return;
    const values = { called: screen.apart(met.called || words.no_name), day: met.on && screen.day(met.on) };
    part('chosen').querySelector('strong').textContent = screen.filled(met.on ? words.met_before_on : words.met_before, values);
  }

  // What people do

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy || !current) return;
    const fields = read();
    if (isBlank(fields)) {
      wrong(words.empty);
      return;
    }
    const { met, ...facts } = current;
    isBusy = true;
    try {
      await save({ kind: 'contact', ...facts, ...fields });
      close();
    } catch {
      wrong(words.not_stored);
    }
    isBusy = false;
  });

  part('search').addEventListener('input', look);
  part('search').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // Enter here chooses, and does not save
    part('found').querySelector('button')?.click();
  });
  part('somebody-else').addEventListener('click', chooseNobody);
  part('back').addEventListener('click', async () => {
    if (isBlank(read())) await drop().catch(() => {});
    else await keepNow();
    if (isChanged) wrong(words.not_stored);
    else close();
  });
  part('discard').addEventListener('click', () => {
    part('discard-sure').hidden = false;
    part('keep-it').focus();
  });
  part('keep-it').addEventListener('click', () => {
    part('discard-sure').hidden = true;
    part('discard').focus();
  });
  part('discard-now').addEventListener('click', async () => {
    isChanged = false;
    await drop().catch(() => {});
    close();
  });

  return {
    begin,
    putBack: ({ current: begun, fields }) => open(begun, fields),
    isOpen: () => current !== null,
    // Put away with what was typed until now.
    async put() {
      await keepNow();
      if (current) close();
    },
  };
}

// What stands on the page besides the contact being written: what waits, what went wrong, the outing
// with its tally, what was written. Every word comes from the page, in its language.

const SHOWN = 40;

export function makeScreen(words) {
  const part = (name) => document.getElementById(name);
  const { lang } = document.documentElement;
  // As everywhere on the site: the hours of Italy, in this order inside right-to-left text too.
  const clock = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Europe/Rome',
  });
  const calendar = new Intl.DateTimeFormat(`${lang}-u-nu-latn`, { day: 'numeric', month: 'long', timeZone: 'Europe/Rome' });
  const ltr = (text) => `\u2066${text}\u2069`;
  const apart = (text) => `\u2068${text}\u2069`;
  const time = (moment) => ltr(clock.format(new Date(moment)));
  const day = (moment) => calendar.format(new Date(moment));
  // The hour is enough of today; of another day its date is wanted too.
  const when = (moment) => (day(moment) === day(Date.now()) ? time(moment) : `${day(moment)} ${time(moment)}`);

  // Bits of either direction, one after the other in that of the page.
  const strung = (...bits) => bits.filter(Boolean).map(apart).join(' · ');

  function filled(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  function fill(node, values) {
    node.textContent = filled(node.dataset.sentence, values);
  }

  // Sentences that stay until their cause has gone.
  function notice(name, isOn, values = {}) {
    const box = document.querySelector(`[data-notice="${name}"]`);
    const sentence = box.querySelector('[data-sentence]');
    if (isOn && sentence) fill(sentence, values);
    if (box.hidden === isOn) box.hidden = !isOn;
  }

  // For who listens instead of looking.
  function say(text) {
    part('said').textContent = text;
  }

  function waiting(count, lastSent) {
    part('waiting').textContent = count ? filled(words.waiting, { count }) : words.nothing_waits;
    part('waiting').dataset.count = count;
    part('last-sent').textContent = lastSent ? filled(words.last_sent, { time: when(lastSent) }) : '';
    part('send-now').hidden = count === 0;
  }

  function signal(state) {
    const isThere = state !== 'away' && navigator.onLine;
    part('signal').textContent = isThere ? words.online : words.no_network;
    part('signal').dataset.state = isThere ? 'online' : 'away';
  }

  function brought({ isLoaded, since, people, name, city }) {
    part('loaded').hidden = !isLoaded;
    part('whose').hidden = !isLoaded;
    part('leave').hidden = !since;
    if (!isLoaded) return;
    const values = { time: when(since.loadedAt), people, until: when(since.expires) };
    part('loaded').textContent = filled(words.loaded, values);
    fill(part('whose').firstElementChild, { name: apart(name), city });
  }

  // `outing`: the one being out with; `isOurs`: started on this phone, and counted here.
  function outing(outing, isOurs) {
    part('no-outing').hidden = Boolean(outing);
    part('open-outing').hidden = !outing;
    part('ending').hidden = !isOurs;
    part('part').hidden = !outing || isOurs;
    part('tally').hidden = !isOurs;
    part('counted-elsewhere').hidden = !outing || isOurs;
    part('write').classList.toggle('btn-success', Boolean(outing));
    part('write').classList.toggle('btn-outline-primary', !outing);
    if (!outing) return;
    const [title, since] = part('outing-title').children;
    title.textContent = `${outing.team} · ${outing.area}`;
    since.textContent = when(outing.at || outing.started_at);
    if (isOurs) tally(outing.tally);
  }

  function tally(counts) {
    for (const number of document.querySelectorAll('[data-number]')) {
      number.textContent = counts[number.dataset.number];
    }
  }

  function joinable(outings, join) {
    part('outings-out').replaceChildren(
      ...outings.map((outing) => {
        const item = part('outing-out').content.cloneNode(true).firstElementChild;
        const [title, since] = item.querySelectorAll('bdi, small');
        title.textContent = `${outing.team} · ${outing.area}`;
        since.textContent = when(outing.started_at);
        item.querySelector('button').addEventListener('click', () => join(outing.id));
        return item;
      }),
    );
    part('joinable').hidden = outings.length === 0;
  }

  // `lines`: { id, kind, item, fate, text }, the newest first.
  function written(lines, putAway) {
    part('written').replaceChildren(
      ...lines.slice(0, SHOWN).map(({ id, kind, item, fate, text }) => {
        const line = part(`line-${fate}`).content.cloneNode(true).firstElementChild;
        const [name, about] = line.querySelectorAll('bdi, small');
        name.textContent = kind === 'outing' ? outingEnded(item) : item.called || words.no_name;
        const said = fate === 'conflict' ? words.conflict : text;
        about.textContent = strung(when(item.at), fate === 'sent' ? '' : said);
        line.querySelector('button')?.addEventListener('click', () => putAway(id));
        return line;
      }),
    );
    part('written-box').hidden = lines.length === 0;
  }

  function outingEnded({ area, tally: counts }) {
    const count = Object.values(counts).reduce((sum, one) => sum + one, 0);
    return filled(words.of_outing, { area, count });
  }

  return { part, fill, filled, notice, say, waiting, signal, brought, outing, tally, joinable, written, day, apart, strung };
}

// Who is known on the street, as this phone knows them: those it brought along, with what was written
// on it since. From values alone.

const SHOWN = 6;

// What the server counts as another version of somebody; nothing written there changes nothing.
const IDENTITY = ['called', 'age_band', 'language'];
const changes = (before, item) => IDENTITY.some((name) => item[name] && item[name] !== before[name]);

// `contacts`: [{ item, sentAt }], oldest first; `sentAt` null while it waits. Versions are counted on, so
// that two contacts of the same evening are no conflict with oneself.
export function knownPeople(brought, contacts, loadedAt) {
  const people = new Map(brought.map((person) => [person.id, person]));
  for (const { item, sentAt } of contacts) {
    const isInTheList = sentAt !== null && sentAt < loadedAt;
    if (isInTheList) continue;
    const before = people.get(item.person_id);
    people.set(item.person_id, {
      id: item.person_id,
      version: before ? before.version + Number(changes(before, item)) : 1,
      called: item.called || before?.called || '',
      age_band: item.age_band,
      language: item.language || before?.language || '',
      needs: item.needs,
      follow_up: item.follow_up,
      last_met: item.at,
    });
  }
  return [...people.values()];
}

// Accents, case and the marks of Arabic vowels make no difference to somebody who types in the rain.
export function plain(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim();
}

// Every word typed begins a word of the name; whoever was met last comes first.
export function found(people, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const fits = (person) => {
    const parts = plain(person.called).split(/[^\p{L}\p{N}]+/u);
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
  const all = people.filter(fits).sort((a, b) => (b.last_met || '').localeCompare(a.last_met || ''));
  return { shown: all.slice(0, SHOWN), more: Math.max(0, all.length - SHOWN) };
}

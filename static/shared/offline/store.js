// What a phone keeps: an IndexedDB in which whatever names a person is sealed with AES-GCM, under
// keys that no script can read out. A key thrown away takes with it all that it sealed.

// `shelves`: by name, { isNumbered, index }: numbered ones give each thing the next number, the others
// are told the key. `lasting`: shelves whose things are on the disk before anybody hears that they are
// stored, because the battery may be flat a second later.
export function openStore({ name, version, shelves, lasting }) {
  return new Promise((resolve, reject) => {
    const asking = indexedDB.open(name, version);
    asking.onupgradeneeded = () => {
      for (const [shelf, { isNumbered = false, index = '' }] of Object.entries(shelves)) {
        const made = asking.result.createObjectStore(shelf, { autoIncrement: isNumbered });
        if (index) made.createIndex(index, index);
      }
    };
    asking.onerror = () => reject(asking.error);
    asking.onblocked = () => reject(new Error('another version is open'));
    asking.onsuccess = () => {
      const { result } = asking;
      // A newer page in another tab must not have to wait for this one.
      result.onversionchange = () => result.close();
      resolve(storeIn(result, lasting));
    };
  });
}

function storeIn(database, lasting) {
  // Everything that `work` asks for happens, or nothing: it is given one shelf each, in order, and may
  // wait for their answers and for nothing else.
  function together(shelves, work) {
    return new Promise((resolve, reject) => {
      const durability = shelves.some((shelf) => lasting.includes(shelf)) ? 'strict' : 'relaxed';
      const transaction = database.transaction(shelves, 'readwrite', { durability });
      let answer;
      let failure = null;
      transaction.oncomplete = () => resolve(answer);
      transaction.onabort = () => reject(failure || transaction.error || new Error('not stored'));
      Promise.resolve(work(...shelves.map((shelf) => shelfOf(transaction.objectStore(shelf))))).then(
        (found) => {
          answer = found;
        },
        (error) => {
          failure = error;
          try {
            transaction.abort();
          } catch {
            reject(error); // it had ended by itself
          }
        },
      );
    });
  }

  const one = (shelf, work) => together([shelf], work);
  return {
    together,
    get: (shelf, key) => one(shelf, (on) => on.get(key)),
    put: (shelf, value, key) => one(shelf, (on) => on.put(value, key)),
    remove: (shelf, key) => one(shelf, (on) => on.remove(key)),
    clear: (shelf) => one(shelf, (on) => on.clear()),
    all: (shelf) => one(shelf, (on) => on.all()),
  };
}

function shelfOf(store) {
  const ask = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  return {
    get: (key) => ask(store.get(key)),
    put: (value, key) => ask(store.autoIncrement && key === undefined ? store.put(value) : store.put(value, key)),
    remove: (key) => ask(store.delete(key)),
    clear: () => ask(store.clear()),
    count: () => ask(store.count()),
    keyOf: (index, value) => ask(store.index(index).getKey(value)),
    all: async () => {
      const [keys, values] = await Promise.all([ask(store.getAllKeys()), ask(store.getAll())]);
      return keys.map((key, at) => ({ key, value: values[at] }));
    },
  };
}

// A browser that lets nothing be kept: all is well until the page is closed.
export function storeInMemory({ shelves: wanted }) {
  const shelves = Object.fromEntries(Object.keys(wanted).map((shelf) => [shelf, new Map()]));
  let last = 0;
  function shelf(name) {
    const map = shelves[name];
    return {
      get: async (key) => map.get(key),
      put: async (value, key = (last += 1)) => map.set(key, value) && key,
      remove: async (key) => void map.delete(key),
      clear: async () => map.clear(),
      count: async () => map.size,
      keyOf: async (index, value) => [...map].find(([, one]) => one[index] === value)?.[0],
      all: async () => [...map].map(([key, value]) => ({ key, value })),
    };
  }
  const one = (name, work) => work(shelf(name));
  return {
    together: async (names, work) => work(...names.map(shelf)),
    get: (name, key) => one(name, (on) => on.get(key)),
    put: (name, value, key) => one(name, (on) => on.put(value, key)),
    remove: (name, key) => one(name, (on) => on.remove(key)),
    clear: (name) => one(name, (on) => on.clear()),
    all: (name) => one(name, (on) => on.all()),
  };
}

// Sealing

export function makeKey() {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

export async function seal(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain) };
}

export async function unseal(key, { iv, data }) {
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data);
  return JSON.parse(new TextDecoder().decode(plain));
}

// Things that come one after the other, and waiting for one of them.
const patience = 20_000;

export class Record {
  #name;
  #waiting = new Set();
  #read = 0;

  constructor(name) {
    this.#name = name;
    this.all = [];
  }

  add(thing) {
    this.all.push(thing);
    for (const look of this.#waiting) look();
  }

  // The first one from `start` on that `wanted` is true of, as soon as it is there.
  async wait(what, wanted, start = 0) {
    let look;
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        look = () => {
          const found = this.all.slice(start).find(wanted);
          if (found) resolve(found);
        };
        timer = setTimeout(() => reject(new Error(`${this.#name}: ${what} did not come, but `
          + JSON.stringify(this.all.slice(start)).slice(0, 2000))), patience);
        this.#waiting.add(look);
        look();
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  // All up to the first one that `wanted` is true of; the next call goes on behind it.
  async until(what, wanted) {
    const last = await this.wait(what, wanted, this.#read);
    const end = this.all.indexOf(last) + 1;
    const passed = this.all.slice(this.#read, end);
    this.#read = end;
    return passed;
  }
}

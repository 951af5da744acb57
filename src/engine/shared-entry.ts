type Enter<Told> = (work: (told: Told) => Promise<void>) => Promise<void>;

/** Something that is entered once for all who want it at the same time, and left by the last. */
export class SharedEntry<Told> {
  readonly #enter: Enter<Told>;
  #inside = 0;
  #open: { readonly entered: Promise<Told>; readonly leave: () => void } | undefined;

  constructor(enter: Enter<Told>) {
    this.#enter = enter;
  }

  async run<T>(work: (told: Told) => Promise<T>): Promise<T> {
    this.#inside += 1;
    this.#open ??= this.#begin();
    const { entered, leave } = this.#open;
    try {
      return await work(await entered);
    } finally {
      this.#inside -= 1;
      if (this.#inside === 0) {
        this.#open = undefined;
        leave();
      }
    }
  }

  #begin(): { readonly entered: Promise<Told>; readonly leave: () => void } {
    const entered = Promise.withResolvers<Told>();
    const left = Promise.withResolvers<void>();
    this.#enter((told) => {
      entered.resolve(told);
      return left.promise;
    }).catch(entered.reject);
    return { entered: entered.promise, leave: left.resolve };
  }
}

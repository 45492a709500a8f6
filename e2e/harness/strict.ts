/** A module in which everything that the stand-in lacks is an error, never a silent `undefined`. */
export function strict<T extends object>(name: string, parts: T): T {
  return new Proxy(parts, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || key === 'then') {
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      throw new Error(`the Electron harness has no ${name}.${key}; add it to e2e/harness or do without`);
    },
  });
}

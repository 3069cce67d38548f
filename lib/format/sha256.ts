/**
 * SHA-256 of a text, at once: the platform's own is asynchronous, and reducing is not.
 *
 * Used for a picture or other content now and then, hence plain rather than fast.
 *
 * @module
 */

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** The first 32 bits of the fractional part of `root(prime)`, for the first `count` primes. */
function primeFractions(
  count: number,
  root: (n: number) => number,
): Uint32Array<ArrayBuffer> {
  const fractions = new Uint32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) prime &&= n % d !== 0;
    if (prime) fractions[found++] = (root(n) % 1) * 2 ** 32;
  }
  return fractions;
}

/** The words that every hash begins with and adds; derived for the first one. */
let initial: { state: Uint32Array; constants: Uint32Array } | undefined;

/** The hash of the UTF-8 bytes of `text`, in lower-case hex. */
export function sha256Hex(text: string): string {
  const message = padded(new TextEncoder().encode(text));
  // Most bundles hash nothing, and loading must cost nothing.
  initial ??= {
    state: primeFractions(8, Math.sqrt),
    constants: primeFractions(ROUNDS, Math.cbrt),
  };
  const state = initial.state.slice();
  const { constants } = initial;
  const schedule = new Uint32Array(ROUNDS);
  for (let at = 0; at < message.byteLength; at += BLOCK_BYTES) {
    for (let i = 0; i < 16; i++) schedule[i] = message.getUint32(at + 4 * i);
    expand(schedule);
    mix(state, schedule, constants);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join(
    "",
  );
}

/** The bytes, a one bit, zeros, and the length in bits: a multiple of the block size. */
function padded(bytes: Uint8Array): DataView<ArrayBuffer> {
  const blocks = Math.ceil((bytes.length + 9) / BLOCK_BYTES);
  const message = new Uint8Array(blocks * BLOCK_BYTES);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setBigUint64(message.length - 8, BigInt(bytes.length) * 8n);
  return view;
}

/** The word at `index`, which exists. */
function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function expand(w: Uint32Array): void {
  for (let i = 16; i < ROUNDS; i++) {
    const a = at(w, i - 15);
    const b = at(w, i - 2);
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
  }
}

function mix(
  state: Uint32Array,
  w: Uint32Array,
  constants: Uint32Array,
): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + at(constants, i) + at(w, i)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [
      g,
      f,
      e,
      d + t1 | 0,
      c,
      b,
      a,
      t1 + s0 + majority | 0,
    ];
  }
  const words = [a, b, c, d, e, f, g, h];
  words.forEach((word, i) => state[i] = at(state, i) + word);
}

// A text as a QR code (ISO/IEC 18004: bytes, error correction of level M), as rows of true for dark. It is made
// here because the address is, and no package of Python's carries a script for it; tests read it with ZXing.
"use strict";
(() => {
  // Of versions 1 to 40 at level M: bytes of correction in a block, and blocks.
  const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, ...Array(19).fill(28)];
  const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
    31, 33, 35, 37, 38, 40, 43, 45, 47, 49];
  const MASKS = [
    (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
    (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
    (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
  ];

  // Powers of 2 in the field of 256 elements, and their logarithms.
  const [power, log] = [[], []];
  for (let i = 0, value = 1; i < 255; i++) {
    [power[i], log[value]] = [value, i];
    value = value < 128 ? value * 2 : (value * 2) ^ 0x11d;
  }
  const times = (a, b) => (a && b ? power[(log[a] + log[b]) % 255] : 0);

  // Remainder of the bytes by the polynomial whose roots are the first `count` powers of 2.
  const divisors = {};
  function correction(bytes, count) {
    divisors[count] ??= power.slice(0, count).reduce((product, root) =>
      [...product, 0].map((value, at) => value ^ (at ? times(product[at - 1], root) : 0)), [1]);
    const divisor = divisors[count];
    const rest = [...bytes, ...Array(count).fill(0)];
    bytes.forEach((_, at) => {
      const first = rest[at];
      divisor.forEach((value, i) => { rest[at + i] ^= times(value, first); });
    });
    return rest.slice(bytes.length);
  }

  // Bits of a number followed by its remainder (BCH), as format and version are written.
  function checked(value, length, polynomial) {
    let rest = value << length;
    for (let bit = 31 - Math.clz32(rest); bit >= length; bit = 31 - Math.clz32(rest)) rest ^= polynomial << (bit - length);
    return (value << length) | rest;
  }

  // Where the small squares stand, along one side.
  function places(version) {
    if (version === 1) return [];
    const count = Math.floor(version / 7) + 2;
    const last = 4 * version + 10;
    const step = version === 32 ? 26 : 2 * Math.ceil((last - 6) / (2 * (count - 1)));
    return [6, ...Array.from({ length: count - 1 }, (_, i) => last - step * (count - 2 - i))];
  }

  // An empty code: fixed parts are dark or light, what data will fill is null.
  function frame(version) {
    const size = 4 * version + 17;
    const rows = Array.from({ length: size }, () => Array(size).fill(null));
    const square = (cx, cy, far, dark) => {
      for (let y = Math.max(0, cy - far); y <= Math.min(size - 1, cy + far); y++) {
        for (let x = Math.max(0, cx - far); x <= Math.min(size - 1, cx + far); x++) {
          rows[y][x] = dark(Math.max(Math.abs(x - cx), Math.abs(y - cy)));
        }
      }
    };
    for (let i = 0; i < size; i++) rows[6][i] = rows[i][6] = i % 2 === 0;
    for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, (far) => far !== 2 && far !== 4);
    const at = places(version);
    for (const x of at) {
      for (const y of at) {
        const corner = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6);
        if (!corner) square(x, y, 2, (far) => far !== 1);
      }
    }
    if (version > 6) {
      const bits = checked(version, 12, 0x1f25);
      for (let i = 0; i < 18; i++) {
        const [far, near] = [size - 11 + (i % 3), Math.floor(i / 3)];
        rows[far][near] = rows[near][far] = Boolean((bits >> i) & 1);
      }
    }
    format(rows, 0);
    return rows;
  }

  function format(rows, mask) {
    const size = rows.length;
    const bits = checked(mask, 10, 0x537) ^ 0x5412; // level M is 00
    for (let i = 0; i < 15; i++) {
      const dark = Boolean((bits >> i) & 1);
      rows[i < 6 ? i : i < 8 ? i + 1 : size - 15 + i][8] = dark;
      rows[8][i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i] = dark;
    }
    rows[size - 8][8] = true;
  }

  // The bytes in blocks, each with its correction, taken in turns.
  function blocks(bytes, version) {
    const [count, added] = [BLOCKS[version - 1], CORRECTION[version - 1]];
    const short = Math.floor(bytes.length / count);
    const longer = count - (bytes.length % count);
    let at = 0;
    const data = Array.from({ length: count }, (_, i) => bytes.slice(at, (at += short + (i >= longer ? 1 : 0))));
    const checks = data.map((block) => correction(block, added));
    const turns = (all) => Array.from({ length: Math.max(...all.map((one) => one.length)) }, (_, i) =>
      all.filter((one) => i < one.length).map((one) => one[i])).flat();
    return [...turns(data), ...turns(checks)];
  }

  // What makes a code hard to read: long runs, blocks of one color, shapes like a corner, too much of one color.
  function faults(rows) {
    let sum = 0;
    const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))].map((line) => line.map(Number).join(""));
    for (const line of lines) {
      for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
      sum += 40 * [...line.matchAll(/(?=00001011101|10111010000)/g)].length;
    }
    for (let y = 1; y < rows.length; y++) {
      for (let x = 1; x < rows.length; x++) {
        if (rows[y][x] === rows[y - 1][x] && rows[y][x] === rows[y][x - 1] && rows[y][x] === rows[y - 1][x - 1]) sum += 3;
      }
    }
    const dark = rows.flat().filter(Boolean).length / rows.length ** 2;
    return sum + 10 * Math.floor(Math.abs(dark - 0.5) * 20);
  }

  // The code of a text; null where it is too long for any (2,331 bytes).
  function qr(text) {
    const bytes = [...new TextEncoder().encode(text)];
    for (let version = 1; version <= 40; version++) {
      const empty = frame(version);
      const room = Math.floor(empty.flat().filter((cell) => cell === null).length / 8) - BLOCKS[version - 1] * CORRECTION[version - 1];
      const lengthBits = version < 10 ? 8 : 16;
      if (4 + lengthBits + 8 * bytes.length > 8 * room) continue;
      let bits = `0100${bytes.length.toString(2).padStart(lengthBits, "0")}${bytes.map((b) => b.toString(2).padStart(8, "0")).join("")}`;
      bits = bits.padEnd(Math.min(8 * room, bits.length + 4), "0");
      const words = bits.padEnd(8 * Math.ceil(bits.length / 8), "0").match(/.{8}/g).map((word) => Number.parseInt(word, 2));
      for (let i = 0; words.length < room; i++) words.push(i % 2 ? 0x11 : 0xec);
      return drawn(empty, blocks(words, version));
    }
    return null;
  }

  // Data go in pairs of columns from the right, up and down; then the mask with the fewest faults is laid over.
  function drawn(empty, words) {
    const size = empty.length;
    const bits = words.flatMap((word) => Array.from({ length: 8 }, (_, i) => Boolean((word >> (7 - i)) & 1)));
    const cells = [];
    for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right = 5; // the column of the dotted line
      for (let i = 0; i < size; i++) {
        const y = up ? size - 1 - i : i;
        for (const x of [right, right - 1]) if (empty[y][x] === null) cells.push([x, y]);
      }
    }
    const made = MASKS.map((mask, number) => {
      const rows = empty.map((row) => [...row]);
      cells.forEach(([x, y], i) => { rows[y][x] = (bits[i] ?? false) !== (mask(x, y) === 0); });
      format(rows, number);
      return { rows, faults: faults(rows) };
    });
    return made.reduce((best, one) => (one.faults < best.faults ? one : best)).rows;
  }

  (window.OUTLOOK ??= {}).qr = qr;
})();

/** A 32-bit program that no compiler is needed for: it sleeps until a signal ends it. */

const ADDRESS = 0x08048000;
const HEADERS = 52 + 32;
/** `pause` by int 0x80 (its number is 29), again and again. */
const CODE = Buffer.from([0xb8, 29, 0, 0, 0, 0xcd, 0x80, 0xeb, 0xf7]);

/** The bytes of its file: ELF header, one PT_LOAD, code (elf(5)). */
export function sleeper32(): Buffer {
  const out = Buffer.alloc(HEADERS + CODE.length);
  out.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]); // ELFCLASS32, little-endian, version 1
  out.writeUInt16LE(2, 16); // ET_EXEC
  out.writeUInt16LE(3, 18); // EM_386
  out.writeUInt32LE(1, 20);
  out.writeUInt32LE(ADDRESS + HEADERS, 24); // entry point
  out.writeUInt32LE(52, 28); // program headers
  out.writeUInt16LE(52, 40);
  out.writeUInt16LE(32, 42);
  out.writeUInt16LE(1, 44);
  out.writeUInt32LE(1, 52); // PT_LOAD: offset 0, address, sizes, r-x
  out.writeUInt32LE(ADDRESS, 60);
  out.writeUInt32LE(ADDRESS, 64);
  out.writeUInt32LE(out.length, 68);
  out.writeUInt32LE(out.length, 72);
  out.writeUInt32LE(5, 76);
  out.writeUInt32LE(0x1000, 80);
  out.set(CODE, HEADERS);
  return out;
}

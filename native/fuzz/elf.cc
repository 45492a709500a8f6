// Module files: what read_module_file and read_file_symbols answer for any bytes. The mutator
// writes values that hurt into the fields of the headers, which blind changes seldom hit.
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>

#include "elf/demangle.h"
#include "elf/file_symbols.h"
#include "elf/module_file.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using Dice = std::minstd_rand;

uint64_t hurtful(Dice& dice, size_t size) {
  const uint64_t values[] = {0,
                             1,
                             7,
                             0xff,
                             0x1000,
                             0xffff,
                             size,
                             size - 1,
                             size / 2,
                             uint64_t{1} << 31,
                             UINT32_MAX,
                             UINT64_MAX,
                             UINT64_MAX - 0xfff,
                             uint64_t{1} << 40,
                             dice() % (size + 1)};
  return values[dice() % std::size(values)];
}

/// Writes one field of a table entry: fields of 4 bytes and of 8 lie at multiples of their size.
void hurt(uint8_t* data, size_t size, uint64_t entry, size_t entry_size, Dice& dice) {
  const size_t width = dice() % 2 ? 4 : 8;
  const uint64_t at = entry + dice() % (entry_size / width) * width;
  const uint64_t value = hurtful(dice, size);
  if (at < size && width <= size - at) memcpy(data + at, &value, width);
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  Dice dice(seed);
  Elf64_Ehdr header;
  if (size < sizeof header || dice() % 3 == 0) return LLVMFuzzerMutate(data, size, max_size);
  memcpy(&header, data, sizeof header);
  switch (dice() % 4) {
    case 0: {
      const uint16_t value = static_cast<uint16_t>(hurtful(dice, size));
      memcpy(data + (EI_NIDENT + dice() % (sizeof header - EI_NIDENT)) / 2 * 2, &value,
             sizeof value);
      break;
    }
    case 1:
      hurt(data, size, header.e_phoff + dice() % (header.e_phnum + 1) * sizeof(Elf64_Phdr),
           sizeof(Elf64_Phdr), dice);
      break;
    case 2:
      hurt(data, size, header.e_shoff + dice() % (header.e_shnum + 1) * sizeof(Elf64_Shdr),
           sizeof(Elf64_Shdr), dice);
      break;
    default:
      hurt(data, size, dice() % size / 16 * 16, 24, dice);  // a symbol, a note, a dynamic entry
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const int file = memfd_create("module", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) abort();
  const auto module = keyhole::read_module_file(path, {"ia2_stackptr_0", "main"});
  if (!module && !module.error().starts_with(path + ": ")) abort();
  if (!module) return 0;
  const keyhole::FileRange extent = module->extent();
  if (extent.end < extent.start) abort();
  const auto symbols = keyhole::read_file_symbols(path, module->build_id);
  if (!symbols) abort();  // what is wrong with a table was said above
  for (size_t i = 0; i < symbols->start.size(); ++i)
    if (symbols->start[i] < extent.start || symbols->size[i] > extent.end - symbols->start[i])
      abort();
  const auto& names = symbols->names;
  const auto ends = static_cast<size_t>(std::count(names.begin(), names.end(), '\0'));
  // Bounded, whatever a name stands for: libFuzzer ends what takes long.
  for (size_t at = 0; at < names.size(); at = names.find('\0', at) + 1)
    if (const auto written = keyhole::demangled(names.c_str() + at); written && written->empty())
      abort();
  if (ends != symbols->start.size() || ends != symbols->kind.size()) abort();
  return 0;
}

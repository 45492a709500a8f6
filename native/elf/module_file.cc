#include "elf/module_file.h"

#include <algorithm>
#include <string_view>

#include "elf/elf_handle.h"
#include "elf/elf_symbols.h"

namespace keyhole {

namespace {

constexpr const char* kSharedStart = "__start_ia2_shared_data";
constexpr const char* kSharedStop = "__stop_ia2_shared_data";
constexpr uint64_t kMaxPath = 4096;        // PATH_MAX: the kernel and the loader open no longer one
constexpr uint64_t kMaxNotes = 1 << 20;    // a note segment of a real module has some hundred bytes
constexpr uint64_t kMaxBuildId = 64;       // the longest that linkers make is a 32-byte hash
constexpr uint64_t kMaxDynamic = 1 << 16;  // 4096 entries

Prot prot_of(GElf_Word flags) {
  return Prot{static_cast<uint8_t>(((flags & PF_R) ? 1 : 0) | ((flags & PF_W) ? 2 : 0) |
                                   ((flags & PF_X) ? 4 : 0))};
}

/// The text up to its first NUL.
std::string text_of(const Elf_Data* data) {
  if (data == nullptr || data->d_buf == nullptr) return "";
  std::string_view bytes(static_cast<const char*>(data->d_buf), data->d_size);
  return std::string(bytes.substr(0, bytes.find('\0')));
}

std::string hex_bytes(const uint8_t* bytes, size_t count) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

/// The GNU build id among the notes of one segment, or nothing.
std::string build_id_of(const ElfHandle& file, const GElf_Phdr& segment) {
  Elf_Type type = segment.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR;
  if (segment.p_filesz > kMaxNotes) return "";
  Elf_Data* data = file.chunk(segment.p_offset, segment.p_filesz, type);
  if (data == nullptr) return "";
  GElf_Nhdr note;
  size_t offset = 0, name = 0, desc = 0;
  while ((offset = gelf_getnote(data, offset, &note, &name, &desc)) > 0) {
    const auto* bytes = static_cast<const uint8_t*>(data->d_buf);
    bool gnu = note.n_namesz == 4 && std::equal(bytes + name, bytes + name + 4, "GNU");
    if (gnu && note.n_type == NT_GNU_BUILD_ID && note.n_descsz <= kMaxBuildId)
      return hex_bytes(bytes + desc, note.n_descsz);
  }
  return "";
}

/// The file offset of a file address, by the PT_LOADs.
std::optional<uint64_t> offset_of(const ModuleFile& module, uint64_t vaddr) {
  for (const LoadSegment& load : module.loads) {
    if (vaddr >= load.vaddr && vaddr - load.vaddr < load.filesz) {
      return load.offset + (vaddr - load.vaddr);
    }
  }
  return std::nullopt;
}

/// DT_SONAME and DT_NEEDED. Works on program headers alone: section headers may be stripped. A
/// sentence when there is more than can be true.
std::string read_dynamic(const ElfHandle& file, const GElf_Phdr& segment, ModuleFile& module) {
  if (segment.p_filesz > kMaxDynamic)
    return "its PT_DYNAMIC claims " + std::to_string(segment.p_filesz) + " bytes; at most " +
           std::to_string(kMaxDynamic) + " are read";
  Elf_Data* data = file.chunk(segment.p_offset, segment.p_filesz, ELF_T_DYN);
  if (data == nullptr) return "";
  uint64_t strings = 0, strings_size = 0;
  std::vector<GElf_Dyn> names;
  for (size_t i = 0; i < data->d_size / sizeof(Elf64_Dyn); ++i) {
    GElf_Dyn entry;
    if (gelf_getdyn(data, static_cast<int>(i), &entry) == nullptr || entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_STRTAB) strings = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRSZ) strings_size = entry.d_un.d_val;
    if (entry.d_tag == DT_SONAME || entry.d_tag == DT_NEEDED) names.push_back(entry);
  }
  auto offset = offset_of(module, strings);
  Elf_Data* table = offset ? file.chunk(*offset, strings_size, ELF_T_BYTE) : nullptr;
  if (table == nullptr || table->d_buf == nullptr) return "";
  std::string_view text(static_cast<const char*>(table->d_buf), table->d_size);
  for (const GElf_Dyn& entry : names) {
    if (entry.d_un.d_val >= text.size()) continue;
    std::string_view rest = text.substr(entry.d_un.d_val, kMaxPath);
    std::string name(rest.substr(0, rest.find('\0')));
    if (entry.d_tag == DT_NEEDED) module.needed.push_back(name);
    if (entry.d_tag == DT_SONAME) module.soname = name;
  }
  return "";
}

/// Whether `start + size` stays below 2^64, rounded up to a page.
bool fits(uint64_t start, uint64_t size) {
  uint64_t room = UINT64_MAX - start;
  return room >= kPage && size <= room - kPage;
}

/// Takes what one program header says; a sentence when it cannot be true.
std::string take_segment(const ElfHandle& file, const GElf_Phdr& segment, ModuleFile& module) {
  if (!fits(segment.p_vaddr, segment.p_memsz)) return "a segment wraps around the address space";
  FileRange range{segment.p_vaddr, segment.p_vaddr + segment.p_memsz};
  switch (segment.p_type) {
    case PT_LOAD:
      if (segment.p_filesz > segment.p_memsz)
        return "a PT_LOAD is larger in the file than in memory";
      module.loads.push_back({segment.p_vaddr, segment.p_memsz, segment.p_filesz, segment.p_offset,
                              segment.p_align, prot_of(segment.p_flags)});
      break;
    case PT_TLS:
      module.tls = {segment.p_vaddr, segment.p_memsz, segment.p_filesz, segment.p_align};
      break;
    case PT_GNU_RELRO:
      module.relro = range;
      break;
    case PT_DYNAMIC:
      module.dynamic = range;
      break;
    case PT_INTERP:
      module.interpreter = text_of(
          file.chunk(segment.p_offset, std::min<uint64_t>(segment.p_filesz, kMaxPath), ELF_T_BYTE));
      break;
    case PT_NOTE:
      if (module.build_id.empty()) module.build_id = build_id_of(file, segment);
      break;
    default:
      break;
  }
  return "";
}

Result<ModuleFile> read(const ElfHandle& file, const std::vector<std::string>& symbols) {
  ModuleFile module;
  const GElf_Ehdr& header = file.header();
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
    return Err{"neither a program nor a shared library"};
  }
  if (header.e_machine != EM_X86_64 && header.e_machine != EM_AARCH64) {
    return Err{"neither for x86-64 nor for AArch64"};
  }
  module.arch = header.e_machine == EM_AARCH64 ? Arch::aarch64 : Arch::x86_64;
  module.position_independent = header.e_type == ET_DYN;
  module.entry = header.e_entry;

  size_t count = 0;
  if (elf_getphdrnum(file.elf(), &count) != 0) return Err{std::string(elf_errmsg(-1))};
  std::optional<GElf_Phdr> dynamic;
  for (size_t i = 0; i < count; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(file.elf(), static_cast<int>(i), &segment) == nullptr) {
      return Err{"its program headers are cut off"};
    }
    if (segment.p_type == PT_DYNAMIC) dynamic = segment;
    std::string wrong = take_segment(file, segment, module);
    if (!wrong.empty()) return Err{wrong};
  }
  if (module.loads.empty()) return Err{"it has no PT_LOAD"};
  if (std::string wrong = dynamic ? read_dynamic(file, *dynamic, module) : ""; !wrong.empty())
    return Err{wrong};

  std::vector<std::string> names = symbols;
  names.insert(names.end(), {kSharedStart, kSharedStop});
  auto found = find_symbols(file, names);
  if (!found) return Err{found.error()};
  module.symbols = std::move(*found);
  auto take = [&](const char* name) -> std::optional<uint64_t> {
    auto found = module.symbols.find(name);
    if (found == module.symbols.end()) return std::nullopt;
    uint64_t value = found->second.value;
    if (std::find(symbols.begin(), symbols.end(), name) == symbols.end()) {
      module.symbols.erase(found);
    }
    return value;
  };
  if (module.tls) {
    auto tls = tls_symbols(file);
    if (!tls) return Err{tls.error()};
    module.tls_symbols = std::move(*tls);
    // A file may claim any place for a variable; the block is all there is.
    std::erase_if(module.tls_symbols, [&](const TlsSymbol& symbol) {
      return symbol.offset >= module.tls->memsz || symbol.size > module.tls->memsz;
    });
  }
  module.shared_start = take(kSharedStart);
  module.shared_stop = take(kSharedStop);
  return module;
}

}  // namespace

FileRange ModuleFile::extent() const {
  FileRange range{UINT64_MAX, 0};
  for (const LoadSegment& load : loads) {
    range.start = std::min(range.start, load.vaddr & ~(kPage - 1));
    range.end = std::max(range.end, load.vaddr + load.memsz);
  }
  if (loads.empty()) return {};
  range.end = RemoteAddr{range.end}.ceil().v;
  return range;
}

Result<ModuleFile> read_module_file(const std::string& path,
                                    const std::vector<std::string>& symbols) {
  auto file = ElfHandle::open(path);
  if (!file) return Err{path + ": " + file.error()};
  auto module = read(*file, symbols);
  if (!module) return Err{path + ": " + module.error()};
  module->path = path;
  return module;
}

Result<std::optional<SymbolValue>> symbol_value(const std::string& path, const std::string& name) {
  auto file = ElfHandle::open(path);
  if (!file) return Err{path + ": " + file.error()};
  auto found = find_symbols(*file, {name});
  if (!found) return Err{path + ": " + found.error()};
  if (found->empty()) return std::optional<SymbolValue>{};
  return std::optional<SymbolValue>{found->begin()->second};
}

}  // namespace keyhole
